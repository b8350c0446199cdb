/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is downloaded and run unchecked: "curl ... | sh" in the forms that it takes.
 */
#include <codec/shell.h>

#include <base/cleanup.h>
#include <string.h>

/* Files remembered as downloaded at one time; the oldest is forgotten. */
#define SAVED_MAX 64

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

struct saved {
	const char *file;
	const char *url;
};

struct search {
	struct arena *arena;
	struct shell_fetched *first, **end;
	size_t count;
	struct saved saved[SAVED_MAX];
	size_t saved_count;
	enum assay_status status;
	struct assay_error *err;
};

/* ---- what fetches ---- */

static const struct fetcher {
	const char *name;
	const char *to_file;     /* options after which a file's name stands */
	const char *to_file_long;
	bool saves;              /* into a file of the URL's name when it isn't told otherwise */
} fetchers[] = {
	{ "curl", "o", "--output", false },
	{ "wget", "O", "--output-document", true },
	{ "wget2", "O", "--output-document", true },
	{ "wcurl", "o", "--output", true },
	{ "fetch", "o", "--output", true },
	{ "aria2c", "o", "--out", true },
	{ "axel", "o", "--output", true },
	{ "ftp", "o", "", true },
	{ "lwp-download", "", "", true },
	{ "lwp-request", "", "", false },
	{ "GET", "", "", false },
	{ "nc", "", "", false },
	{ "ncat", "", "", false },
	{ "netcat", "", "", false },
	{ "socat", "", "", false },
	{ "links", "", "", false },
	{ "ssh", "", "", false },
	{ "elinks", "", "", false },
	{ "w3m", "", "", false },
	{ "curlie", "o", "--output", false },
	{ "http", "o", "--output", false },
	{ "https", "o", "--output", false },
	{ "xh", "o", "--output", false },
	{ "lynx", "", "", false },
};

static const struct fetcher *
find_fetcher(const struct shell_command *c)
{
	const char *name = shell_name(shell_program(c));
	for (size_t i = 0; i < COUNT(fetchers); i++) {
		if (strcmp(fetchers[i].name, name) == 0)
			return &fetchers[i];
	}
	return NULL;
}

static const char *
url_of(const struct shell_command *c)
{
	const struct shell_word *w = shell_program(c);
	for (w = w == NULL ? NULL : w->next; w != NULL; w = w->next) {
		if (strstr(w->raw, "://") != NULL)
			return w->text != NULL ? w->text : w->raw;
	}
	for (w = shell_program(c); w != NULL; w = w->next) {
		if (w->text == NULL)
			return w->raw;
	}
	return "";
}

static const char *
file_name(const struct shell_word *w)
{
	const char *text = w->text != NULL ? w->text : w->raw;
	text += text[0] == '"';
	return strncmp(text, "./", 2) == 0 ? text + 2 : text;
}

static const char *
last_component(const char *url)
{
	const char *slash = strrchr(url, '/');
	return slash == NULL ? url : slash + 1;
}

static const char *
or_output(const char *file)
{
	return strcmp(file, "-") == 0 || strcmp(file, "/dev/stdout") == 0 ? NULL : file;
}

/* What an option's value is: behind its "=" or letter, or the next word. */
static const char *
option_value(const char *behind, const struct shell_word *w)
{
	if (behind[0] != '\0')
		return or_output(behind);
	return w->next != NULL ? or_output(file_name(w->next)) : "";
}

/* Where option w of the fetcher says the bytes go; *ret_file NULL for its output. False when it says nothing of that. */
static bool
says_file(const struct fetcher *f, const struct shell_word *w, const char *url, const char **ret_file)
{
	const char *text = w->text != NULL ? w->text : w->raw;
	size_t len = strlen(f->to_file_long);
	if (text[0] != '-' || len == 0)
		return false;
	if (text[1] == '-') {
		bool named = strncmp(text, f->to_file_long, len) == 0 && (text[len] == '=' || text[len] == '\0');
		if (named)
			*ret_file = option_value(text + len + (text[len] == '='), w);
		return named;
	}
	bool by_url = strcmp(f->name, "curl") == 0 && strchr(text, 'O') != NULL;
	const char *letter = strchr(text, f->to_file[0]);
	if (by_url)
		*ret_file = last_component(url);
	else if (letter != NULL)
		*ret_file = option_value(letter + 1, w);
	return by_url || letter != NULL;
}

/* The file that a fetching command writes, or NULL when the bytes go to its output. */
static const char *
file_of(const struct fetcher *f, const struct shell_command *c)
{
	const char *url = url_of(c), *file = f->saves ? last_component(url) : NULL;
	for (const struct shell_word *w = shell_program(c)->next; w != NULL; w = w->next) {
		if (says_file(f, w, url, &file))
			break;
	}
	for (const struct shell_redirect *d = c->redirects; file == NULL && d != NULL; d = d->next) {
		if ((strcmp(d->op, ">") == 0 || strcmp(d->op, ">|") == 0) && strcmp(d->target->raw, "/dev/stdout") != 0)
			file = file_name(d->target);
	}
	return file;
}

/* ---- whose output is fetched ---- */

static const char *output_url(const struct shell_command *c);

static const char *
script_url(const struct shell_script *s)
{
	for (const struct shell_pipeline *p = s->first; p != NULL; p = p->next) {
		for (const struct shell_command *c = p->first; c != NULL; c = c->next) {
			const char *url = output_url(c);
			if (url != NULL)
				return url;
		}
	}
	return NULL;
}

/* The URL of what a word's substitutions fetch, or NULL. */
static const char *
word_url(const struct shell_word *w)
{
	for (const struct shell_part *p = w == NULL ? NULL : w->first; p != NULL; p = p->next) {
		const char *url = p->script != NULL ? script_url(p->script) : NULL;
		if (url != NULL)
			return url;
	}
	return NULL;
}

static const char *
words_url(const struct shell_word *w)
{
	for (; w != NULL; w = w->next) {
		const char *url = word_url(w);
		if (url != NULL)
			return url;
	}
	return NULL;
}

static const char *
input_url(const struct shell_command *c)
{
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		const char *url = d->op[0] == '<' ? word_url(d->target) : NULL;
		if (url != NULL)
			return url;
	}
	return NULL;
}

/* The URL of what comes out of a command, or NULL when nothing fetched does. */
static const char *
output_url(const struct shell_command *c)
{
	static const char *const passing[] = { "echo", "printf", "cat", "sed", "tr", "tee", "gunzip", "zcat", "gzip", "xz", "xzcat",
		"bzcat", "zstd", "zstdcat", "base64", "xxd", "openssl", "awk", "head", "tail", "grep", "cut", "jq", "envsubst" };
	if (c->kind != SHELL_SIMPLE)
		return c->body != NULL && c->kind != SHELL_FUNCTION ? script_url(c->body) : NULL;
	const struct fetcher *f = find_fetcher(c);
	if (f != NULL)
		return file_of(f, c) == NULL ? url_of(c) : NULL;
	const char *name = shell_name(shell_program(c));
	for (size_t i = 0; i < COUNT(passing); i++) {
		if (strcmp(passing[i], name) == 0) {
			const char *url = words_url(c->words);
			return url != NULL ? url : input_url(c);
		}
	}
	return NULL;
}

/* ---- what runs ---- */

static bool
sources_file(const char *name)
{
	return strcmp(name, "source") == 0 || strcmp(name, ".") == 0;
}

/* The file that an interpreter or "source" is given, or NULL: the interpreter reads its input then. */
static const struct shell_word *
script_file(const struct shell_word *program)
{
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		const char *text = w->text != NULL ? w->text : "x";
		if (strcmp(text, "-s") == 0 || strcmp(text, "/dev/stdin") == 0 || strcmp(text, "-") == 0)
			return NULL;
		if (text[0] != '-' && text[0] != '+')
			return w;
	}
	return NULL;
}

static bool
runs_input(const struct shell_command *c)
{
	if (c->kind != SHELL_SIMPLE) {
		for (const struct shell_pipeline *p = c->body == NULL ? NULL : c->body->first; p != NULL; p = p->next) {
			if (runs_input(p->first))
				return true;
		}
		return false;
	}
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (!shell_is_interpreter(name))
		return sources_file(name) && program->next != NULL && program->next->text != NULL
		    && strcmp(program->next->text, "/dev/stdin") == 0;
	return shell_code(c) == NULL && script_file(program) == NULL;
}

static void
find(struct search *s, const char *how, const char *url, const struct shell_command *at)
{
	if (s->status != ASSAY_OK)
		return;
	if (s->count++ >= SHELL_FETCHED_MAX) {
		s->status = assay_fail(s->err, ASSAY_E_LIMIT, "more than %d downloads that are run", SHELL_FETCHED_MAX);
		return;
	}
	struct shell_fetched *f = arena_alloc(s->arena, sizeof *f);
	if (f == NULL) {
		s->status = arena_full(s->err);
		return;
	}
	*f = (struct shell_fetched){ how, url, at->line, at->column, NULL };
	*s->end = f;
	s->end = &f->next;
}

static void
look_at_pipe(struct search *s, const struct shell_command *c)
{
	const char *url = c->next == NULL ? NULL : output_url(c);
	for (const struct shell_command *d = c->next; url != NULL && d != NULL; d = d->next) {
		if (runs_input(d)) {
			find(s, "piped", url, c);
			return;
		}
	}
}

static void
look_at_words(struct search *s, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c), *code = shell_code(c);
	const char *name = shell_name(program), *url = word_url(program);
	if (url == NULL && code != NULL)
		url = strcmp(name, "eval") == 0 ? words_url(code) : word_url(code);
	if (url == NULL && program != NULL && (shell_is_interpreter(name) || sources_file(name))) {
		url = word_url(script_file(program));
		if (url == NULL && code == NULL)
			url = input_url(c);
	}
	if (url != NULL)
		find(s, "substituted", url, c);
}

/* ---- files ---- */

static void
remember(struct search *s, const char *file, const char *url)
{
	if (file[0] == '\0')
		return;
	if (s->saved_count == SAVED_MAX)
		memmove(s->saved, s->saved + 1, --s->saved_count * sizeof s->saved[0]);
	s->saved[s->saved_count++] = (struct saved){ file, url };
}

/* A digest or a signature is looked at: what was downloaded before counts as checked. */
static bool
checks(const struct shell_command *c)
{
	static const struct {
		const char *name;
		const char *argument; /* begins with it; NULL: whatever its arguments */
	} rows[] = {
		{ "sha256sum", NULL }, { "sha512sum", NULL }, { "sha384sum", NULL }, { "shasum", NULL },
		{ "b2sum", NULL }, { "gpg", "--verify" }, { "gpgv", NULL }, { "cosign", "verify" },
		{ "minisign", "-V" }, { "signify", "-V" }, { "openssl", "dgst" }, { "openssl", "pkeyutl" },
		{ "slsa-verifier", "verify" }, { "ssh-keygen", "-Y" }, { "gh", "attestation" },
	};
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		if (rows[i].argument == NULL)
			return true;
		for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
			if (strncmp(w->raw, rows[i].argument, strlen(rows[i].argument)) == 0)
				return true;
		}
	}
	return false;
}

/* The URL of what a variable of the word was given, or NULL: files and variables are remembered alike, these with a '$'. */
static const char *
variable_url(const struct search *s, const struct shell_word *w)
{
	for (const struct shell_part *p = w != NULL ? w->first : NULL; p != NULL; p = p->next) {
		for (size_t i = 0; p->kind == SHELL_VARIABLE && i < s->saved_count; i++) {
			if (s->saved[i].file[0] == '$' && strcmp(s->saved[i].file + 1, p->text) == 0)
				return s->saved[i].url;
		}
	}
	return NULL;
}

/* S=$(curl URL), and then eval "$S", sh -c "$S" or echo "$S" | sh. */
static void
look_at_variables(struct search *s, const struct shell_command *c)
{
	const struct shell_word *code = shell_code(c);
	const char *url = variable_url(s, code);
	for (const struct shell_command *d = c->next; d != NULL && url == NULL; d = d->next) {
		for (const struct shell_word *w = runs_input(d) ? c->words : NULL; w != NULL && url == NULL; w = w->next)
			url = variable_url(s, w);
	}
	if (url != NULL)
		find(s, "saved", url, c);
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		const char *from = word_url(a->value), *name = from != NULL ? arena_printf(s->arena, "$%s", a->name) : NULL;
		if (name != NULL)
			remember(s, name, from);
	}
}

static void
look_at_files(struct search *s, const struct shell_command *c)
{
	const struct fetcher *f = find_fetcher(c);
	const char *file = f != NULL ? file_of(f, c) : NULL;
	if (checks(c))
		s->saved_count = 0;
	if (file != NULL)
		remember(s, file, url_of(c));
	const struct shell_word *program = shell_program(c), *run = program;
	const char *name = shell_name(program);
	if (program == NULL || f != NULL)
		return;
	if (shell_is_interpreter(name) || sources_file(name))
		run = shell_code(c) == NULL ? script_file(program) : NULL;
	for (size_t i = 0; run != NULL && i < s->saved_count; i++) {
		bool path = run != program || strchr(run->raw, '/') != NULL || run->text == NULL;
		if (path && strcmp(file_name(run), s->saved[i].file) == 0) {
			find(s, "saved", s->saved[i].url, c);
			return;
		}
	}
}

static bool
look(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	(void)in;
	struct search *s = context;
	look_at_pipe(s, c);
	if (c->kind == SHELL_SIMPLE) {
		look_at_words(s, c);
		look_at_variables(s, c);
		look_at_files(s, c);
	}
	return s->status == ASSAY_OK;
}

enum assay_status
shell_find_fetched(const struct shell_script *script, struct arena *arena,
    const struct shell_fetched **ret_first, struct assay_error *err)
{
	struct search s = { .arena = arena, .status = ASSAY_OK, .err = err };
	s.end = &s.first;
	if (!shell_walk(script, look, &s))
		return s.status;
	*ret_first = s.first;
	return ASSAY_OK;
}
