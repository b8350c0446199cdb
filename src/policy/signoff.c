/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <policy/signoff.h>
#include <string.h>

#define WORD_MAX 256
#define DIGEST_IN_NAME 12

static const struct {
	const char *name, *name_space;
} acts[SIGNOFF_ACTS] = {
	[SIGNOFF_REQUEST] = { "request", "assay-signoff-request" },
	[SIGNOFF_APPROVE] = { "approve", "assay-signoff-approve" },
	[SIGNOFF_REVIEW] = { "review", "assay-signoff-review" },
	[SIGNOFF_WITNESS] = { "witness", "assay-signoff-witness" },
};

/* By pattern over the path; the first that fits. */
static const struct {
	const char *pattern, *kind;
} kinds[] = {
	{ "assay/deviations/**", "exception" },
	{ "assay/closures/**", "closure" },
	{ "assay/reviews/**", "review" },
	{ "assay/ceremonies/**", "ceremony" },
	{ "assay/access.yaml", "access" },
	{ "assay/risks.yaml", "risks" },
	{ "assay/standard.yaml", "standard" },
	{ "assay/**", "policy" },
	{ "**", "document" },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const char *
signoff_act_name(enum signoff_act act)
{
	return acts[act].name;
}

const char *
signoff_namespace(enum signoff_act act)
{
	return acts[act].name_space;
}

enum assay_status
signoff_act_parse(const char *name, enum signoff_act *ret_act, struct assay_error *err)
{
	for (size_t i = 0; i < SIGNOFF_ACTS; i++) {
		if (strcmp(acts[i].name, name) != 0)
			continue;
		*ret_act = (enum signoff_act)i;
		return ASSAY_OK;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no act", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "one of: request, approve, review, witness");
}

const char *
signoff_kind(const char *path)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (text_match(assay_span_str(kinds[i].pattern), assay_span_str(path)))
			return kinds[i].kind;
	}
	return kinds[KINDS - 1].kind;
}

static bool
is_kind(const char *word)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(kinds[i].kind, word) == 0)
			return true;
	}
	return false;
}

/* ---- writing ---- */

enum assay_status
signoff_write(const struct signoff *s, struct buf *out, struct assay_error *err)
{
	char when[WHEN_TEXT_SIZE];
	when_format_date(s->date, when);
	CLEANUP(canon_unref) json_t *root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:s, s:s*, s:o*}",
	    "assay-signoff", SIGNOFF_VERSION, "act", acts[s->act].name, "by", s->by, "date", when, "kind", s->kind,
	    "record-sha256", canon_sha256(s->record), "repository", s->repository, "role", s->role,
	    "policy-state", s->has_state ? canon_sha256(s->state) : NULL);
	if (root == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a sign-off");
	TRY(canon_write(root, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "a sign-off", err);
}

const char *
signoff_path(const struct signoff *s, const char *record_path, struct arena *arena)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	const char *slash = strrchr(record_path, '/');
	text_hex((struct assay_span){ s->record, ASSAY_SHA256_SIZE }, hex);
	hex[DIGEST_IN_NAME] = '\0';
	return arena_printf(arena, SIGNOFF_FOLDER "%s-%s-%s-%s" SIGNOFF_SUFFIX,
	    slash == NULL ? record_path : slash + 1, hex, acts[s->act].name, s->by);
}

/* ---- reading ---- */

struct reading {
	const char *name;
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
bad(const struct reading *r, const char *key, const char *what)
{
	(void)assay_fail(r->err, ASSAY_E_FORMAT, "'%s' in a sign-off %s", key, what);
	return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, 1, 1);
}

static enum assay_status
read_word(const struct reading *r, const json_t *root, const char *key, bool required, const char **ret_word)
{
	const json_t *value = json_object_get(root, key);
	*ret_word = NULL;
	if (value == NULL)
		return required ? bad(r, key, "is missing") : ASSAY_OK;
	if (!json_is_string(value) || json_string_length(value) == 0 || json_string_length(value) > WORD_MAX)
		return bad(r, key, "isn't a word");
	*ret_word = arena_str(r->arena, json_string_value(value));
	return *ret_word == NULL ? arena_full(r->err) : ASSAY_OK;
}

static enum assay_status
read_digest(const struct reading *r, const json_t *root, const char *key, bool required, bool *ret_present,
    unsigned char ret_digest[ASSAY_SHA256_SIZE])
{
	const char *hex;
	TRY(read_word(r, root, key, required, &hex));
	*ret_present = hex != NULL;
	if (hex == NULL)
		return ASSAY_OK;
	return text_unhex(assay_span_str(hex), ret_digest, ASSAY_SHA256_SIZE) == ASSAY_OK
	    ? ASSAY_OK
	    : bad(r, key, "isn't 64 hex digits in lower case");
}

static enum assay_status
read_fields(const struct reading *r, const json_t *root, struct signoff *s)
{
	const char *act, *date;
	bool has_record;
	TRY(read_word(r, root, "act", true, &act));
	TRY(read_word(r, root, "date", true, &date));
	TRY(read_word(r, root, "by", true, &s->by));
	TRY(read_word(r, root, "kind", true, &s->kind));
	TRY(read_word(r, root, "repository", true, &s->repository));
	TRY(read_word(r, root, "role", false, &s->role));
	TRY(read_digest(r, root, "record-sha256", true, &has_record, s->record));
	TRY(read_digest(r, root, "policy-state", false, &s->has_state, s->state));
	if (signoff_act_parse(act, &s->act, NULL) != ASSAY_OK)
		return bad(r, "act", "is none that there is");
	if (!is_kind(s->kind))
		return bad(r, "kind", "is none that there is");
	if (strlen(date) != 10 || when_parse(assay_span_str(date), &s->date, NULL) != ASSAY_OK)
		return bad(r, "date", "isn't a day");
	return ASSAY_OK;
}

enum assay_status
signoff_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct signoff *ret_signoff, struct assay_error *err)
{
	const struct reading r = { name, arena, err };
	CLEANUP(canon_unref) json_t *root = NULL;
	CLEANUP(buf_done) struct buf again = BUF_INIT((size_t)2 * SIGNOFF_SIZE_MAX);
	struct signoff s = { 0 };
	if (bytes.len > SIGNOFF_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a sign-off of %zu bytes, %d are read at most", bytes.len, SIGNOFF_SIZE_MAX);
	TRY(canon_read(bytes, name, &root, err));
	const json_t *version = json_object_get(root, "assay-signoff");
	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return bad(&r, "assay-signoff", "isn't the format's version");
	if (json_integer_value(version) > SIGNOFF_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "'%s' has a newer format than this version knows", name);
	TRY(read_fields(&r, root, &s));
	TRY(signoff_write(&s, &again, err));
	/* One form alone: nothing stands in it that isn't read. */
	if (!assay_span_equal(bytes, buf_span(&again)))
		return bad(&r, "assay-signoff", "isn't in the form in which sign-offs are written, or holds more");
	*ret_signoff = s;
	return ASSAY_OK;
}
