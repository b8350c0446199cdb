/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/embedded.h>
#include <base/text.h>
#include <codec/canon.h>
#include <sca/canary.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded_file canary_files[];

#define NAME "CANARY"
#define PREFIX "canary_"
#define TEMPLATE_MAX (64u << 10)

const char *const canary_languages[] = { "c", "cpp", "java", "csharp", "python", "js", "go", NULL };

/* ---- what follows from the nonce ---- */

/* What the set's names and order follow from: a set for another commit has others. */
static enum assay_status
bind(struct canary_set *set)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * CANARY_NONCE_SIZE + 1];
	buf_add_str(&b, "assay-canary-2");
	buf_add(&b, set->nonce, CANARY_NONCE_SIZE);
	buf_add_str(&b, set->commit);
	TRY(buf_status(&b, "a canary", NULL));
	TRY(assay_sha256(buf_span(&b), digest));
	memcpy(set->key, digest, sizeof set->key);
	text_hex((struct assay_span){ set->key, sizeof set->key }, hex);
	memcpy(set->digits, hex, CANARY_DIGITS);
	return ASSAY_OK;
}

/* A number that only who has the key can tell: of a plant, or of a place in the order. */
static enum assay_status
derive(const unsigned char key[CANARY_NONCE_SIZE], const char *what, uint32_t *ret_number)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024);
	unsigned char digest[ASSAY_SHA256_SIZE];
	buf_add_str(&b, "assay-canary-1");
	buf_add(&b, key, CANARY_NONCE_SIZE);
	buf_add_str(&b, what);
	TRY(buf_status(&b, "a canary", NULL));
	TRY(assay_sha256(buf_span(&b), digest));
	*ret_number = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 | digest[3];
	return ASSAY_OK;
}

struct template {
	const struct embedded_file *file; /* "c/CWE-121/bad.c" */
	uint32_t order;
};

static int
by_order(const void *a, const void *b)
{
	const struct template *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->file->name, y->file->name);
}

static enum assay_status
list_templates(const unsigned char key[CANARY_NONCE_SIZE], const char *language, struct template templates[CANARY_PLANTS_MAX],
    size_t *ret_count)
{
	const size_t len = strlen(language);
	size_t count = 0;
	for (const struct embedded_file *f = canary_files; f->name != NULL && count < CANARY_PLANTS_MAX; f++) {
		if (strncmp(f->name, language, len) != 0 || f->name[len] != '/')
			continue;
		templates[count].file = f;
		TRY(derive(key, f->name, &templates[count].order));
		count++;
	}
	qsort(templates, count, sizeof *templates, by_order);
	*ret_count = count;
	return ASSAY_OK;
}

/* ---- one plant ---- */

/* Where the mark of a line at fault begins, with the blanks before it; NULL: it has none. */
static const char *
find_mark(const char *line, size_t len)
{
	static const char *const marks[] = { "/* fault */", "// fault", "# fault" };
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const size_t n = strlen(marks[i]);
		if (len < n || memcmp(line + len - n, marks[i], n) != 0)
			continue;
		const char *at = line + len - n;
		while (at > line && at[-1] == ' ')
			at--;
		return at;
	}
	return NULL;
}

/* Its line, with the plant's own name in the place of each NAME. */
static void
put_line(struct buf *out, const char *line, size_t len, const char *stem)
{
	for (size_t i = 0; i < len;) {
		if (len - i >= sizeof NAME - 1 && memcmp(line + i, NAME, sizeof NAME - 1) == 0) {
			buf_add_str(out, stem);
			i += sizeof NAME - 1;
			continue;
		}
		buf_add_byte(out, (unsigned char)line[i++]);
	}
	buf_add_byte(out, '\n');
}

static enum assay_status
fill(const struct canary_set *set, const struct template *t, const char *stem, struct arena *arena, struct canary_plant *p,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(TEMPLATE_MAX);
	const char *text = (const char *)t->file->data, *end = text + t->file->len;
	const bool hash = strcmp(set->language, "python") == 0;
	uint32_t head, line = 1;
	char what[128];
	(void)snprintf(what, sizeof what, "head %s", t->file->name);
	TRY(derive(set->key, what, &head));
	/* The first line is the licence's, which isn't the plant's. */
	text += strcspn(text, "\n") + 1;
	buf_addf(&out, "%s %s%s\n", hash ? "#" : "/*", stem, hash ? "" : " */");
	for (uint32_t i = 0; i < head % CANARY_HEAD_LINES; i++)
		buf_add_byte(&out, '\n');
	line += head % CANARY_HEAD_LINES + 1;
	for (; text < end; line++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const size_t len = (size_t)((stop == NULL ? end : stop) - text);
		const char *mark = find_mark(text, len);
		p->line = mark != NULL ? line : p->line;
		put_line(&out, text, mark != NULL ? (size_t)(mark - text) : len, stem);
		text += len + 1;
	}
	TRY(buf_status(&out, "a plant", err));
	const char *bytes = arena_copy(arena, buf_span(&out));
	if (bytes == NULL)
		return arena_full(err);
	p->bytes = (struct assay_span){ (const unsigned char *)bytes, out.len };
	return assay_sha256(p->bytes, p->sha256);
}

static enum assay_status
plant(const struct canary_set *set, const struct template *t, size_t number, struct arena *arena, struct canary_plant *p,
    struct assay_error *err)
{
	const char *cwe = strstr(t->file->name, "/CWE-"), *name = strrchr(t->file->name, '/'), *dot = strrchr(t->file->name, '.');
	const char *stem = arena_printf(arena, PREFIX "%s_%02zu", set->digits, number);
	if (stem == NULL || cwe == NULL || name == NULL || dot == NULL)
		return stem == NULL ? arena_full(err) : assay_fail(err, ASSAY_E_INTERNAL, "a canary is called '%s'", t->file->name);
	p->file = arena_printf(arena, "%s%s", stem, dot);
	p->cwe = (uint32_t)strtoul(cwe + strlen("/CWE-"), NULL, 10);
	p->bad = strncmp(name, "/bad", 4) == 0;
	TRY(p->file == NULL ? arena_full(err) : fill(set, t, stem, arena, p, err));
	if (p->bad != (p->line > 0))
		return assay_fail(err, ASSAY_E_INTERNAL, "the canary '%s' has %s line at fault", t->file->name, p->bad ? "no" : "a");
	return ASSAY_OK;
}

/* ---- the set ---- */

static enum assay_status
seal(struct canary_set *set, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	for (size_t i = 0; i < set->count; i++) {
		buf_add_hex(&b, (struct assay_span){ set->plants[i].sha256, ASSAY_SHA256_SIZE });
		buf_addf(&b, " %s\n", set->plants[i].file);
	}
	TRY(buf_status(&b, "a set of canaries", err));
	return assay_sha256(buf_span(&b), set->digest);
}

static enum assay_status
no_language(const char *language, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "there are no canaries for '%s'", language);
	return assay_error_todo(err, ASSAY_E_USAGE, "one of: c, cpp, java, csharp, python, js, go");
}

/* A commit's whole id, by SHA-1 or SHA-256; or none. */
static bool
is_commit(const char *commit)
{
	const size_t len = strlen(commit);
	return len == 0 || ((len == 40 || len == 64) && strspn(commit, "0123456789abcdef") == len);
}

enum assay_status
canary_make(const unsigned char nonce[CANARY_NONCE_SIZE], const char *commit, const char *language, struct arena *arena,
    struct canary_set *ret_set, struct assay_error *err)
{
	struct template templates[CANARY_PLANTS_MAX];
	struct canary_set set = { .commit = arena_str(arena, commit), .folder = "" };
	for (size_t i = 0; canary_languages[i] != NULL; i++)
		set.language = strcmp(canary_languages[i], language) == 0 ? canary_languages[i] : set.language;
	if (set.language == NULL)
		return no_language(language, err);
	if (!is_commit(commit))
		return assay_fail(err, ASSAY_E_USAGE, "'%s' is no whole id of a commit", commit);
	if (set.commit == NULL)
		return arena_full(err);
	memcpy(set.nonce, nonce, CANARY_NONCE_SIZE);
	TRY(bind(&set));
	TRY(list_templates(set.key, language, templates, &set.count));
	struct canary_plant *plants = arena_array(arena, set.count + 1, sizeof *plants);
	if (plants == NULL)
		return arena_full(err);
	for (size_t i = 0; i < set.count; i++)
		TRY(plant(&set, &templates[i], i, arena, &plants[i], err));
	set.plants = plants;
	TRY(seal(&set, err));
	*ret_set = set;
	return ASSAY_OK;
}

const struct canary_plant *
canary_find(const struct canary_set *set, const char *path)
{
	const char *name = path;
	for (const char *p = path; *p != '\0'; p++)
		name = *p == '/' || *p == '\\' ? p + 1 : name;
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->plants[i].file, name) == 0)
			return &set->plants[i];
	}
	return NULL;
}

bool
canary_is_foreign(const struct canary_set *set, const char *text)
{
	for (const char *p = text; (p = strstr(p, PREFIX)) != NULL;) {
		p += sizeof PREFIX - 1;
		const size_t digits = strspn(p, "0123456789abcdef");
		if (digits == CANARY_DIGITS && p[digits] == '_' && memcmp(p, set->digits, CANARY_DIGITS) != 0)
			return true;
	}
	return false;
}

/* ---- the record ---- */

static json_t *
plants_json(const struct canary_set *set)
{
	json_t *plants = json_array();
	for (size_t i = 0; plants != NULL && i < set->count; i++) {
		const struct canary_plant *p = &set->plants[i];
		json_t *one = json_pack("{s:s, s:i, s:b, s:i, s:o}", "file", p->file, "cwe", (int)p->cwe, "bad", p->bad, "line", (int)p->line,
		    "sha256", canon_sha256(p->sha256));
		if (json_array_append_new(plants, one) != 0) {
			json_decref(plants);
			return NULL;
		}
	}
	return plants;
}

enum assay_status
canary_write(const struct canary_set *set, struct buf *out, struct assay_error *err)
{
	char nonce[2 * CANARY_NONCE_SIZE + 1];
	text_hex((struct assay_span){ set->nonce, CANARY_NONCE_SIZE }, nonce);
	CLEANUP(canon_unref) json_t *root = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o}", "assay-canaries", CANARY_VERSION,
	    "nonce", nonce, "commit", set->commit, "language", set->language, "folder",
	    canon_text(assay_span_str(set->folder)), "digest", canon_sha256(set->digest), "plants", plants_json(set));
	TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for a record") : canon_write(root, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "a record of canaries", err);
}

/* Below the repository's root, and made for this set. */
static bool
is_folder(const struct canary_set *set, const char *folder)
{
	const char *slash = strrchr(folder, '/'), *name = slash != NULL ? slash + 1 : folder;
	const size_t len = sizeof CANARY_FOLDER - 1;
	if (folder[0] == '\0')
		return true;
	return strlen(folder) <= CANARY_FOLDER_MAX && folder[0] != '/' && strncmp(name, CANARY_FOLDER, len) == 0 && strcmp(name + len, set->digits) == 0;
}

static enum assay_status
check_version(const json_t *root, const char *name, struct assay_error *err)
{
	const json_t *version = json_object_get(root, "assay-canaries");
	if (!json_is_integer(version))
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' is no record of canaries", name);
	if (json_integer_value(version) > CANARY_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "'%s' has a newer format than this version knows", name);
	if (json_integer_value(version) == CANARY_VERSION)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_FORMAT, "'%s' is of an older version, which bound its plants to no commit", name);
	return assay_error_todo(err, ASSAY_E_FORMAT, "plant anew, and run the analyser again");
}

enum assay_status
canary_read(struct assay_span json, const char *name, struct arena *arena, struct canary_set *ret_set, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = NULL;
	CLEANUP(buf_done) struct buf again = BUF_INIT(CANARY_RECORD_MAX);
	unsigned char nonce[CANARY_NONCE_SIZE];
	struct canary_set set;
	if (json.len > CANARY_RECORD_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' is too large for a record of canaries", name);
	TRY(canon_read(json, name, &root, err));
	TRY(check_version(root, name, err));
	const char *digits = json_string_value(json_object_get(root, "nonce")), *language = json_string_value(json_object_get(root, "language"));
	const char *commit = json_string_value(json_object_get(root, "commit")), *folder = json_string_value(json_object_get(root, "folder"));
	if (digits == NULL || language == NULL || commit == NULL || folder == NULL
	    || text_unhex(assay_span_str(digits), nonce, sizeof nonce) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' is no record of canaries", name);
	if (canary_make(nonce, commit, language, arena, &set, err) != ASSAY_OK)
		return err == NULL || err->status != ASSAY_E_USAGE ? ASSAY_E_MEMORY
		    : assay_fail(err, ASSAY_E_FORMAT, "'%s' is of another language, or of no commit", name);
	set.folder = arena_str(arena, folder);
	if (set.folder == NULL)
		return arena_full(err);
	if (!is_folder(&set, folder))
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' names a folder that isn't of its plants", name);
	TRY(canary_write(&set, &again, err));
	if (!assay_span_equal(json, buf_span(&again))) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "'%s' tells of other plants than its nonce gives", name);
		return assay_error_todo(err, ASSAY_E_VERIFY, "plant anew with this version of assay, and run the analyser again");
	}
	*ret_set = set;
	return ASSAY_OK;
}
