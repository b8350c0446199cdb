/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: programs that a build starts. Words become the text of a shell's command, so that there is one reader for what
 * hides behind "env", "sh -c" and scripts. What is fetched and then checked by a digest, or set to a full commit id, is pinned.
 */
#include "started.h"

#include "install.h"

#define TEXT_MAX (1u << 18)
#define DEPTH_MAX 6
#define SCRIPTS_MAX 1000

/* Scripts that were read already: each is read once. */
struct dep_scripts {
	const char *paths[SCRIPTS_MAX];
	size_t count;
};

struct walk {
	struct dep_work *w;
	const char *folder;
	struct dep_place place;
	bool lines;       /* the text's lines are the file's */
	unsigned depth;
	size_t index, last_check, last_checkout;
	enum assay_status status;
};

static enum assay_status run_text(struct walk *outer, struct assay_span text, struct dep_place place, const char *folder, bool lines);

/* ---- programs that fetch ---- */

static const struct {
	const char *program;
	const char *verb; /* NULL: whatever it is told */
} fetchers[] = {
	{ "curl", NULL },
	{ "wget", NULL },
	{ "wget2", NULL },
	{ "aria2c", NULL },
	{ "axel", NULL },
	{ "ftp", NULL },
	{ "sftp", NULL },
	{ "scp", NULL },
	{ "git", "clone" },
	{ "git", "fetch" },
	{ "git", "pull" },
	{ "svn", "checkout" },
	{ "svn", "co" },
	{ "svn", "export" },
	{ "hg", "clone" },
	{ "pip", "install" },
	{ "pip", "download" },
	{ "pip3", "install" },
	{ "pip3", "download" },
	{ "npm", "install" },
	{ "npx", NULL },
	{ "conan", "install" },
	{ "vcpkg", "install" },
	{ "go", "get" },
	{ "cargo", "install" },
	{ "gem", "install" },
	{ "repo", "sync" },
	{ "west", "update" },
};

/* Whether verb stands where a verb may: behind nothing but options and what may be their values. */
static bool
has_verb(const char *const *words, size_t count, const char *verb)
{
	bool option = true;
	for (size_t i = 1; i < count; i++) {
		const char *text = words[i] != NULL ? words[i] : "";
		if (strcmp(text, verb) == 0)
			return true;
		if (*text != '-' && !option)
			return false;
		option = *text == '-' && strchr(text, '=') == NULL;
		if (i == 1 && *text != '-')
			return false;
	}
	return false;
}

static bool
updates_to_branches(const char *const *words, size_t count)
{
	bool submodule = false, remote = false;
	for (size_t i = 1; i < count; i++) {
		submodule = submodule || (words[i] != NULL && strcmp(words[i], "submodule") == 0);
		remote = remote || (words[i] != NULL && strcmp(words[i], "--remote") == 0);
	}
	return submodule && remote;
}

static bool
is_word(const char *const *words, size_t count, size_t i, const char *text)
{
	return i < count && words[i] != NULL && strcmp(words[i], text) == 0;
}

/* A program that can't be told ("${GIT_EXECUTABLE}") counts as the one that has such a verb. */
static bool
may_fetch(const char *const *words, size_t count)
{
	for (size_t i = 0; i < sizeof fetchers / sizeof fetchers[0]; i++) {
		if (fetchers[i].verb != NULL && is_word(words, count, 1, fetchers[i].verb))
			return true;
	}
	return false;
}

bool
started_fetches(const char *const *words, size_t count)
{
	if (count == 0 || words[0] == NULL)
		return may_fetch(words, count);
	/* "python3 -m pip install" */
	if (dep_starts(dep_base(words[0]), "python") && is_word(words, count, 1, "-m") && count > 2) {
		words += 2;
		count -= 2;
	}
	const char *program = words[0] != NULL ? dep_base(words[0]) : "";
	for (size_t i = 0; i < sizeof fetchers / sizeof fetchers[0]; i++) {
		if (strcmp(program, fetchers[i].program) != 0)
			continue;
		if (fetchers[i].verb == NULL || has_verb(words, count, fetchers[i].verb))
			return true;
	}
	return strcmp(program, "git") == 0 && updates_to_branches(words, count);
}

/* ---- the tree's own scripts ---- */

static const struct source_file *
find_path(const struct dep_work *w, const char *path)
{
	for (size_t i = 0; path != NULL && i < w->sources->count; i++) {
		if (w->sources->files[i].mode != 0160000 && strcmp(w->sources->files[i].path, path) == 0)
			return &w->sources->files[i];
	}
	return NULL;
}

const struct source_file *
started_find(const struct dep_work *w, const char *folder, const char *text)
{
	if (dep_starts(text, STARTED_TREE)) {
		text += strlen(STARTED_TREE);
		return find_path(w, dep_join(w->arena, "", text + strspn(text, "/")));
	}
	const struct source_file *f = find_path(w, dep_join(w->arena, folder, text));
	return f != NULL ? f : find_path(w, dep_join(w->arena, "", text));
}

enum language { LANGUAGE_NONE, LANGUAGE_SHELL, LANGUAGE_PYTHON, LANGUAGE_OTHER };

static enum language
language_of_name(const char *path)
{
	static const struct {
		const char *suffix;
		enum language language;
	} suffixes[] = { { ".sh", LANGUAGE_SHELL }, { ".bash", LANGUAGE_SHELL }, { ".py", LANGUAGE_PYTHON }, { ".pl", LANGUAGE_OTHER },
		{ ".rb", LANGUAGE_OTHER }, { ".lua", LANGUAGE_OTHER }, { ".tcl", LANGUAGE_OTHER }, { ".js", LANGUAGE_OTHER },
		{ ".mjs", LANGUAGE_OTHER }, { ".php", LANGUAGE_OTHER }, { ".ps1", LANGUAGE_OTHER }, { ".bat", LANGUAGE_OTHER },
		{ ".cmd", LANGUAGE_OTHER }, { ".zsh", LANGUAGE_OTHER } };
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		if (dep_ends(path, suffixes[i].suffix))
			return suffixes[i].language;
	}
	return LANGUAGE_NONE;
}

static enum language
language_of_program(const char *name)
{
	static const char *const shells[] = { "sh", "bash", "dash", "ash", "ksh", "su", "runuser", "eval" };
	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(shells[i], name) == 0)
			return LANGUAGE_SHELL;
	}
	if (dep_starts(name, "python"))
		return LANGUAGE_PYTHON;
	return shell_is_interpreter(name) ? LANGUAGE_OTHER : LANGUAGE_NONE;
}

/* By its name, else by its first line, else by the program that is told to run it. */
static enum language
language_of(const struct source_file *f, enum language told)
{
	enum language language = language_of_name(f->path);
	if (language != LANGUAGE_NONE)
		return language;
	if (f->has_bytes && f->bytes.len > 2 && memcmp(f->bytes.data, "#!", 2) == 0) {
		const unsigned char *end = memchr(f->bytes.data, '\n', f->bytes.len);
		size_t len = end != NULL ? (size_t)(end - f->bytes.data) : f->bytes.len;
		while (len > 0 && strchr(" \t\r", f->bytes.data[len - 1]) != NULL)
			len--;
		size_t at = len;
		while (at > 0 && strchr(" /\t", f->bytes.data[at - 1]) == NULL)
			at--;
		char name[64];
		(void)snprintf(name, sizeof name, "%.*s", (int)(len - at), (const char *)f->bytes.data + at);
		return language_of_program(name) != LANGUAGE_NONE ? language_of_program(name) : LANGUAGE_OTHER;
	}
	return told != LANGUAGE_NONE ? told : LANGUAGE_OTHER;
}

static enum assay_status
unread(struct walk *x, const char *path, const char *why)
{
	if (!CATCH(started_unread, true))
		return ASSAY_OK;
	return dep_find(x->w, DEP_FETCH_UNCLEAR, x->place, path, "the build starts '%.200s', and whether it fetches can't be told: %.200s",
	    path, why);
}

static enum assay_status
say_doubt(struct walk *x, const char *path, const struct python_doubt *d)
{
	struct dep_place place = { d->file, d->line, 1 };
	if (!CATCH(started_python, d->what != NULL))
		return ASSAY_OK;
	return dep_find(x->w, DEP_FETCH_UNCLEAR, d->file != NULL && *d->file != '\0' ? place : x->place, path,
	    "the build starts '%.200s', and whether it fetches can't be told: it uses '%.100s'", path, d->what != NULL ? d->what : "");
}

static enum assay_status
was_read(struct dep_work *w, const char *path, bool *ret_was)
{
	if (w->scripts == NULL)
		w->scripts = arena_alloc(w->keep, sizeof *w->scripts);
	if (w->scripts == NULL)
		return arena_full(w->err);
	for (size_t i = 0; i < w->scripts->count; i++) {
		if (strcmp(w->scripts->paths[i], path) == 0) {
			*ret_was = true;
			return ASSAY_OK;
		}
	}
	if (w->scripts->count == SCRIPTS_MAX)
		return assay_fail(w->err, ASSAY_E_LIMIT, "more scripts than are read");
	w->scripts->paths[w->scripts->count++] = path;
	*ret_was = false;
	return ASSAY_OK;
}

static enum assay_status
read_script(struct walk *x, const struct source_file *f, enum language told)
{
	bool was = true;
	TRY(was_read(x->w, f->path, &was));
	if (was)
		return ASSAY_OK;
	dep_judged(x->w, DEP_SOURCES, "scripts of the build");
	enum language language = language_of(f, told);
	if (!f->has_bytes || f->mode == 0120000)
		return unread(x, f->path, "its bytes aren't here");
	if (language == LANGUAGE_OTHER)
		return unread(x, f->path, "its language isn't read");
	if (language == LANGUAGE_PYTHON) {
		struct python_doubt doubt;
		TRY(python_look(x->w, f, &doubt));
		return say_doubt(x, f->path, &doubt);
	}
	return run_text(x, f->bytes, (struct dep_place){ f->path, 1, 1 }, dep_folder(x->w->arena, f->path), true);
}

/* "${DIR}/fetch.py": every script by that name may be it. */
static enum assay_status
read_by_name(struct walk *x, const struct shell_word *word)
{
	const struct shell_part *last = word->first;
	while (last != NULL && last->next != NULL)
		last = last->next;
	const char *name = last != NULL && last->kind == SHELL_LITERAL && strchr(last->text, '/') != NULL ? dep_base(last->text) : "";
	if (language_of_name(name) == LANGUAGE_NONE)
		return ASSAY_OK;
	for (size_t i = 0; i < x->w->sources->count; i++) {
		const struct source_file *f = &x->w->sources->files[i];
		if (f->mode != 0160000 && strcmp(dep_base(f->path), name) == 0)
			TRY(read_script(x, f, LANGUAGE_NONE));
	}
	return ASSAY_OK;
}

static enum assay_status
read_word(struct walk *x, const struct shell_word *word, enum language told)
{
	if (word->text == NULL)
		return read_by_name(x, word);
	const struct source_file *f = started_find(x->w, x->folder, word->text);
	bool likely = told != LANGUAGE_NONE || language_of_name(word->text) != LANGUAGE_NONE;
	return f != NULL && likely ? read_script(x, f, told) : ASSAY_OK;
}

/* ---- one command ---- */

static bool
is_text(const struct shell_word *w, const char *text)
{
	return w != NULL && w->text != NULL && strcmp(w->text, text) == 0;
}

/* Past "cmake -E env A=b", "cmake -E time". */
static const struct shell_word *
past_cmake(const struct shell_word *w)
{
	bool cmake = w != NULL && (w->text == NULL || strcmp(dep_base(w->text), "cmake") == 0) && is_text(w->next, "-E");
	const struct shell_word *verb = cmake ? w->next->next : NULL;
	const struct shell_word *rest = verb != NULL ? verb->next : NULL;
	if (is_text(verb, "chdir"))
		return rest != NULL ? rest->next : NULL;
	if (!is_text(verb, "env") && !is_text(verb, "time"))
		return w;
	while (rest != NULL && rest->text != NULL && (strchr(rest->text, '=') != NULL || dep_starts(rest->text, "--")))
		rest = rest->next;
	return rest;
}

static struct dep_place
place_of(const struct walk *x, const struct shell_command *c)
{
	struct dep_place place = x->place;
	if (x->lines) {
		place.line = c->line;
		place.column = c->column;
	}
	return place;
}

/* "sh -c TEXT": what the text starts; a text that can't be told may be anything. */
static enum assay_status
run_code(struct walk *x, const struct shell_command *c, const char *name, const struct shell_word *code)
{
	enum language language = language_of_program(name);
	struct python_doubt doubt;
	if (code->text == NULL || language == LANGUAGE_OTHER) {
		if (CATCH(started_code, true))
			return dep_find(x->w, language == LANGUAGE_SHELL ? DEP_FETCH_COMMAND : DEP_FETCH_UNCLEAR, place_of(x, c), name,
			    "the build starts '%.60s' with a text that can't be told or isn't read", name);
		return ASSAY_OK;
	}
	if (language == LANGUAGE_PYTHON) {
		TRY(python_look_at_text(x->w, code->text, &doubt));
		return say_doubt(x, name, &doubt);
	}
	return run_text(x, assay_span_str(code->text), place_of(x, c), x->folder, false);
}

static enum assay_status
run_script_of(struct walk *x, const struct shell_word *program)
{
	const char *name = shell_name(program);
	enum language language = language_of_program(name);
	if (language == LANGUAGE_NONE && program->text != NULL && strcmp(name, ".") != 0 && strcmp(name, "source") != 0) {
		/* The program itself may be one; so may what a program of an unknown name is given. */
		return strchr(program->text, '/') != NULL || x->depth == 0 ? read_word(x, program, LANGUAGE_OTHER) : ASSAY_OK;
	}
	if (program->text == NULL)
		TRY(read_word(x, program, LANGUAGE_NONE));
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (w->text != NULL && *w->text == '-')
			continue;
		TRY(read_word(x, w, program->text == NULL ? LANGUAGE_NONE : language != LANGUAGE_NONE ? language : LANGUAGE_SHELL));
		/* What follows the script are its words. */
		if (program->text != NULL)
			break;
	}
	return ASSAY_OK;
}

static enum assay_status
look_at_command(struct walk *x, const struct shell_command *c)
{
	const struct shell_word *program = past_cmake(shell_program(c)), *code = shell_code(c);
	const char *words[STARTED_WORDS_MAX];
	size_t count = 0;
	if (program == NULL)
		return ASSAY_OK;
	for (const struct shell_word *w = program; w != NULL && count < STARTED_WORDS_MAX; w = w->next)
		words[count++] = w->text;
	bool fetches = started_fetches(words, count);
	bool git = words[0] != NULL && strcmp(dep_base(words[0]), "git") == 0;
	bool pinned = git ? x->last_checkout > x->index : x->last_check > x->index;
	if (CATCH(cmake_command, fetches && !pinned)) {
		const char *raw = program->text != NULL ? program->text : program->raw;
		return dep_find(x->w, DEP_FETCH_COMMAND, place_of(x, c), raw, "the build starts '%.60s' to fetch something", raw);
	}
	if (fetches)
		return ASSAY_OK;
	return code != NULL ? run_code(x, c, shell_name(program), code) : run_script_of(x, program);
}

static bool
count_command(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct walk *x = context;
	x->index++;
	x->last_check = install_is_check(c, in) ? x->index : x->last_check;
	x->last_checkout = install_is_checkout(c) ? x->index : x->last_checkout;
	return true;
}

static bool
visit(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct walk *x = context;
	(void)in;
	x->index++;
	x->status = look_at_command(x, c);
	return x->status == ASSAY_OK;
}

static enum assay_status
run_text(struct walk *outer, struct assay_span text, struct dep_place place, const char *folder, bool lines)
{
	const struct shell_script *script = NULL;
	struct walk x = { .w = outer->w, .folder = folder, .place = place, .lines = lines, .depth = outer->depth + 1 };
	if (folder == NULL)
		return arena_full(outer->w->err);
	if (x.depth > DEPTH_MAX)
		return unread(outer, place.file, "scripts start each other deeper than is read");
	enum assay_status status = shell_parse(text, x.w->arena, &script, x.w->err);
	if (status == ASSAY_E_MEMORY)
		return status;
	if (status != ASSAY_OK) {
		assay_error_clear(x.w->err);
		return unread(outer, lines ? place.file : "a shell", "its text can't be read");
	}
	(void)shell_walk(script, count_command, &x);
	x.index = 0;
	(void)shell_walk(script, visit, &x);
	return x.status;
}

/* ---- words of build files ---- */

void
started_add(struct started *s, const char *text, const char *raw)
{
	if (s->count < STARTED_WORDS_MAX)
		s->words[s->count++] = (struct started_word){ text, raw };
}

/* As a word of a shell: quoted, or a variable with what can be told of its end. */
static void
add_quoted(struct buf *out, const struct started_word *word)
{
	const char *text = word->text, *end = word->raw != NULL ? strrchr(word->raw, '/') : NULL;
	if (text == NULL) {
		text = end != NULL && strpbrk(end, "${}<>'\"") == NULL ? end : "";
		buf_add_str(out, "\"${_}\"");
	}
	buf_add_byte(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_add_str(out, "'\\''");
		else
			buf_add_byte(out, (unsigned char)*text);
	}
	buf_add_str(out, "' ");
}

enum assay_status
started_check(struct dep_work *w, const struct started *s)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
	struct walk none = { .w = w, .place = s->place };
	const struct shell_script *script = NULL;
	if (s->count == 0)
		return ASSAY_OK;
	dep_judged(w, DEP_SOURCES, "commands of the build");
	for (size_t i = 0; i < s->count; i++)
		add_quoted(&text, &s->words[i]);
	char *copy = text.status == ASSAY_OK ? arena_copy(w->arena, buf_span(&text)) : NULL;
	enum assay_status status = copy != NULL ? shell_parse(assay_span_str(copy), w->arena, &script, w->err) : ASSAY_E_LIMIT;
	if (status == ASSAY_E_MEMORY)
		return status;
	if (status != ASSAY_OK) {
		assay_error_clear(w->err);
		return unread(&none, s->words[0].text != NULL ? s->words[0].text : "a program", "its words are more than are read");
	}
	struct walk x = { .w = w, .folder = s->folder, .place = s->place };
	(void)shell_walk(script, visit, &x);
	return x.status;
}

enum assay_status
started_read_python(struct dep_work *w, const struct source_file *f)
{
	(void)w;
	(void)f;
	return ASSAY_OK;
}
