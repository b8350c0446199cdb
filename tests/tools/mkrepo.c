/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mkrepo SCENARIO FOLDER: makes FOLDER/.git (or FOLDER itself, "bare") out of a scenario ("-": standard input).
 *
 * A scenario is lines of words, split at blanks; "quoted words" may hold blanks; '#' starts a comment:
 *
 *   format sha1|sha256                       default sha1; comes first
 *   bare                                     no work tree
 *   key NAME TYPE                            see mkrepo.h; Ed25519 keys follow from the name
 *   cert NAME key=K ca=K principals=a,b [after=TIME] [before=TIME] [type=host] [critical=N:V] [forged]
 *   file PATH <<END ... END                  in the tree of all commits from here on; ${key:NAME} and ${id:NAME} are filled in
 *   file PATH WORD                           the same, one line
 *   docx PATH <<END ... END                 a DOCX document of these paragraphs and members, see mkrepo_docx.c
 *   base64 PATH BYTES                        a file of any bytes
 *   delete PATH
 *   signoff PATH ...                         see mkrepo_signoff.c
 *   commit NAME time=T by=EMAIL [author=EMAIL] [parents=a,b|none] [sign=KEY [options of key_sign]] [msg=TEXT] [tz=+0200]
 *          [alter] [twice] [header=NAME] [foreign=pgp|x509] [trailing]
 *   tag NAME target=NAME time=T by=EMAIL [sign=KEY ...] [msg=TEXT] [ref=refs/tags/other] [undated]
 *   light NAME target=NAME
 *   branch NAME target=NAME                  without any branch line: main at the last commit
 *   ref FULLNAME target=NAME
 *   head BRANCH
 *   bulk COUNT by=a@x,b@x sign=K1,K2 start=T step=SECONDS [merge-every=N]   commits that follow one another; the last is called "tip"
 *   touch-every-commit                       bulk: each commit changes a file (default: it does)
 *
 * TIME is seconds, or YYYY-MM-DD, or YYYY-MM-DDThh:mm:ssZ.
 */
#include "mkrepo.h"

#include <base/text.h>
#include <base/when.h>
#include <errno.h>
#include <git2.h>
#include <sodium.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

void
die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)fputs("mkrepo: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

const char *
word_value(const struct words *w, const char *name, const char *fallback)
{
	size_t n = strlen(name);
	for (size_t i = 1; i < w->count; i++) {
		if (strncmp(w->word[i], name, n) == 0 && w->word[i][n] == '=')
			return w->word[i] + n + 1;
	}
	return fallback;
}

bool
word_flag(const struct words *w, const char *name)
{
	for (size_t i = 1; i < w->count; i++) {
		if (strcmp(w->word[i], name) == 0)
			return true;
	}
	return false;
}

int64_t
time_value(const char *text)
{
	int64_t t;
	if (when_parse(assay_span_str(text), &t, NULL) == ASSAY_OK)
		return t;
	char *end = NULL;
	errno = 0;
	t = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0)
		die("no time: '%s'", text);
	return t;
}

struct named *
find_named(struct maker *m, const char *name)
{
	for (size_t i = m->named_count; i > 0; i--) {
		if (strcmp(m->named[i - 1].name, name) == 0)
			return &m->named[i - 1];
	}
	die("nothing is named '%s'", name);
}

void
remember(struct maker *m, const char *name, const struct oid *id, enum git_type type)
{
	struct named *n = NULL;
	for (size_t i = 0; i < m->named_count && n == NULL; i++) {
		if (strcmp(m->named[i].name, name) == 0)
			n = &m->named[i];
	}
	if (n == NULL && (m->named_count == NAMED_MAX || strlen(name) >= NAME_MAX_LEN))
		die("too many names, or too long: '%s'", name);
	if (n == NULL)
		n = &m->named[m->named_count++];
	(void)snprintf(n->name, sizeof n->name, "%s", name);
	n->id = *id;
	n->type = type;
}

void
add_id(const struct maker *m, const struct oid *id, struct buf *out)
{
	char hex[65];
	oid_hex(id, m->pack.algo, hex);
	buf_add_str(out, hex);
}

/* ${key:NAME} and ${id:NAME}. */
static void
fill_in(struct maker *m, const char *text, struct buf *out)
{
	for (const char *p = text; *p != '\0';) {
		bool key = strncmp(p, "${key:", 6) == 0, id = strncmp(p, "${id:", 5) == 0;
		if (!key && !id) {
			buf_add_byte(out, (unsigned char)*p++);
			continue;
		}
		char name[NAME_MAX_LEN];
		p += key ? 6 : 5;
		size_t n = strcspn(p, "}");
		(void)snprintf(name, sizeof name, "%.*s", (int)n, p);
		p += n + 1;
		if (key)
			key_text(keyring_find(&m->ring, name), out);
		else
			add_id(m, &find_named(m, name)->id, out);
	}
}

/* ------------------------------------------------------------ script */

static void
do_file(struct maker *m, const struct words *w)
{
	struct buf raw = BUF_INIT(TEXT_MAX), text = BUF_INIT(TEXT_MAX);
	const char *rest = w->count > 2 ? w->word[2] : "";
	if (strncmp(rest, "<<", 2) == 0) {
		size_t n = strlen(rest + 2);
		while (*m->at != '\0' && !(strncmp(m->at, rest + 2, n) == 0 && m->at[n] == '\n')) {
			size_t len = strcspn(m->at, "\n");
			buf_add(&raw, m->at, len);
			buf_add_byte(&raw, '\n');
			m->at += len + (m->at[len] == '\n');
		}
		m->at += strcspn(m->at, "\n");
	} else {
		buf_addf(&raw, "%s\n", rest);
	}
	if (strcmp(w->word[0], "docx") == 0)
		make_docx(buf_str(&raw), &text);
	else
		fill_in(m, buf_str(&raw), &text);
	set_file(m, w->word[1], buf_span(&text));
	buf_done(&raw);
	buf_done(&text);
}

static void
do_base64(struct maker *m, const struct words *w)
{
	struct buf raw = BUF_INIT(TEXT_MAX);
	const size_t len = strlen(w->word[2]);
	unsigned char *bytes = malloc(len + 1);
	size_t got = 0;
	if (bytes == NULL || sodium_base642bin(bytes, len + 1, w->word[2], len, NULL, &got, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		die("no base64 for '%s'", w->word[1]);
	buf_add(&raw, bytes, got);
	set_file(m, w->word[1], buf_span(&raw));
	free(bytes);
	buf_done(&raw);
}

static void
do_delete(struct maker *m, const struct words *w)
{
	for (size_t i = 0; i < m->file_count; i++) {
		if (strcmp(m->files[i].path, w->word[1]) != 0)
			continue;
		free(m->files[i].path);
		m->files[i] = m->files[--m->file_count];
		m->tree_fresh = false;
		return;
	}
	die("no file '%s'", w->word[1]);
}

static void
do_ref(struct maker *m, const struct words *w)
{
	char name[512];
	bool branch = strcmp(w->word[0], "branch") == 0, light = strcmp(w->word[0], "light") == 0;
	(void)snprintf(name, sizeof name, "%s%s", branch ? "refs/heads/" : light ? "refs/tags/" : "",
	    w->word[1]);
	add_ref(m, name, &find_named(m, word_value(w, "target", m->last))->id);
	m->any_branch |= branch;
}

static void
do_simple(struct maker *m, const struct words *w)
{
	if (strcmp(w->word[0], "format") == 0)
		m->pack.algo = strcmp(w->word[1], "sha256") == 0 ? OID_SHA256 : OID_SHA1;
	else if (strcmp(w->word[0], "bare") == 0)
		m->bare = true;
	else if (strcmp(w->word[0], "head") == 0)
		(void)snprintf(m->head, sizeof m->head, "refs/heads/%s", w->word[1]);
	else if (strcmp(w->word[0], "key") == 0)
		keyring_add(&m->ring, w->word[1], w->count > 2 ? w->word[2] : "ed25519");
	else
		keyring_certify(&m->ring, w);
}

static const struct {
	const char *name;
	size_t least;
	void (*run)(struct maker *m, const struct words *w);
} commands[] = {
	{ "format", 2, do_simple }, { "bare", 1, do_simple }, { "head", 2, do_simple },
	{ "key", 2, do_simple }, { "cert", 2, do_simple }, { "file", 2, do_file }, { "docx", 3, do_file }, { "base64", 3, do_base64 },
	{ "delete", 2, do_delete }, { "commit", 2, make_commit }, { "tag", 2, make_tag },
	{ "branch", 2, do_ref }, { "light", 2, do_ref }, { "ref", 2, do_ref },
	{ "bulk", 2, make_bulk }, { "signoff", 2, make_signoff },
};

/* Splits in place; quotes are taken off. */
static void
split(char *line, struct words *w)
{
	w->count = 0;
	for (char *p = line; *p != '\0' && w->count < WORDS_MAX;) {
		p += strspn(p, " \t");
		if (*p == '\0' || *p == '#')
			return;
		char *out = p;
		w->word[w->count++] = p;
		for (bool in = false; *p != '\0' && (in || (*p != ' ' && *p != '\t')); p++) {
			if (*p == '"')
				in = !in;
			else
				*out++ = *p;
		}
		p += *p != '\0';
		*out = '\0';
	}
}

static void
run_line(struct maker *m, char *line)
{
	struct words w;
	split(line, &w);
	if (w.count == 0)
		return;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, w.word[0]) == 0 && w.count >= commands[i].least) {
			commands[i].run(m, &w);
			return;
		}
	}
	die("what is '%s'?", w.word[0]);
}

static void
read_script(struct maker *m, const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	m->script = calloc(1, TEXT_MAX);
	if (f == NULL || m->script == NULL)
		die("can't read '%s'", path);
	if (fread(m->script, 1, TEXT_MAX - 1, f) == TEXT_MAX - 1)
		die("'%s' is too long", path);
	m->at = m->script;
}

static void
write_text(const char *git_dir, const char *name, const char *text)
{
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/%s", git_dir, name);
	FILE *f = fopen(path, "wb");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		die("can't write '%s'", path);
}

static void
make_folders(struct maker *m)
{
	static const char *const folders[] = { "", "/objects", "/objects/pack", "/objects/info", "/refs",
		"/refs/heads", "/refs/tags" };
	char path[4096];
	(void)mkdir(m->folder, 0777);
	(void)snprintf(m->git_dir, sizeof m->git_dir, "%s%s", m->folder, m->bare ? "" : "/.git");
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		(void)snprintf(path, sizeof path, "%s%s", m->git_dir, folders[i]);
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			die("can't make '%s'", path);
	}
}

static int
compare_lines(const void *a, const void *b)
{
	const char *x = strchr(*(char *const *)a, ' '), *y = strchr(*(char *const *)b, ' ');
	return strcmp(x, y);
}

static void
write_refs(struct maker *m)
{
	static char *lines[NAMED_MAX * 2];
	size_t count = 0;
	struct buf out = BUF_INIT(TEXT_MAX);
	char *text = strdup(buf_str(&m->refs)), *rest = text;
	for (char *line = strsep(&rest, "\n"); line != NULL && *line != '\0'; line = strsep(&rest, "\n"))
		lines[count++] = line;
	qsort(lines, count, sizeof lines[0], compare_lines);
	buf_add_str(&out, "# pack-refs with: sorted \n");
	for (size_t i = 0; i < count; i++)
		buf_addf(&out, "%s\n", lines[i]);
	write_text(m->git_dir, "packed-refs", buf_str(&out));
	free(text);
	buf_done(&out);
}

static void
write_repository(struct maker *m)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	make_folders(m);
	if (!m->any_branch && m->last[0] != '\0')
		add_ref(m, "refs/heads/main", &find_named(m, m->last)->id);
	buf_addf(&text, "[core]\n\trepositoryformatversion = %d\n\tbare = %s\n",
	    m->pack.algo == OID_SHA256, m->bare ? "true" : "false");
	if (m->pack.algo == OID_SHA256)
		buf_add_str(&text, "[extensions]\n\tobjectformat = sha256\n");
	write_text(m->git_dir, "config", buf_str(&text));
	buf_reset(&text);
	buf_addf(&text, "ref: %s\n", m->head);
	write_text(m->git_dir, "HEAD", buf_str(&text));
	write_refs(m);
	if (m->pack.count > 0)
		pack_finish(&m->pack, m->git_dir);
	buf_done(&text);
}

int
main(int argc, char **argv)
{
	static struct maker m = { .pack = { .body = BUF_INIT((size_t)4 << 30) },
		.refs = BUF_INIT(TEXT_MAX), .head = "refs/heads/main" };
	if (argc != 3)
		die("usage: mkrepo SCENARIO FOLDER");
	if (sodium_init() < 0 || git_libgit2_init() < 0)
		die("no libraries");
	m.folder = argv[2];
	read_script(&m, argv[1]);
	while (*m.at != '\0') {
		char *line = m.at;
		m.at += strcspn(m.at, "\n");
		if (*m.at == '\n')
			*m.at++ = '\0';
		run_line(&m, line);
	}
	write_repository(&m);
	if (!m.bare && m.pack.count > 0) {
		char tree[4200];
		(void)snprintf(tree, sizeof tree, "%s", m.folder);
		if (fork() == 0) {
			execlp("git", "git", "-C", tree, "reset", "-q", "--hard", (char *)NULL);
			_exit(127);
		}
		(void)wait(NULL);
	}
	return 0;
}
