/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: the recipes of Makefiles, as the scripts that make hands to a shell: all lines of a target together.
 */
#include "install.h"
#include "make_lines.h"

#define RECIPE_MAX (1u << 20)
#define PATTERNS_MAX 200

struct make {
	struct dep_work *w;
	const char *file;
	struct buf recipe;
	unsigned line;  /* of the recipe's first line */
	bool open;
	bool plain_make; /* "$(MAKE)" is make */
	unsigned patterns; /* of names of files, looked for so far */
	bool has_rule;   /* a rule, or the first line of a recipe to be used by name, may stand above */
};

static void
make_done(struct make *m)
{
	buf_done(&m->recipe);
}

static bool
is_shell(const char *function)
{
	return strncmp(function, "shell", 5) == 0 && (function[5] == ' ' || function[5] == '\t');
}

/*
 * Variables of make are variables of the shell to who reads, but for the one that is make itself; "$(shell X)" runs X; what
 * other functions give can't be told.
 */
static void
add_line(const struct make *m, struct buf *out, const char *at, size_t len)
{
	const char *end = at + len;
	while (at < end) {
		if (*at != '$' || at + 1 == end) {
			buf_add_byte(out, (unsigned char)*at++);
			continue;
		}
		at++;
		size_t n = *at == '(' || *at == '{' ? make_reference(at) : 0;
		if (*at == '$') {
			buf_add_byte(out, '$');
			at++;
		} else if (m->plain_make && n == 6 && strncmp(at + 1, "MAKE", 4) == 0) {
			buf_add_str(out, "make");
			at += n;
		} else if (n > 2 && make_is_name(at + 1, n - 2)) {
			buf_addf(out, "${%.*s}", (int)(n - 2), at + 1);
			at += n;
		} else if (n > 8 && is_shell(at + 1)) {
			buf_add_str(out, "$(");
			add_line(m, out, at + 7, n - 8);
			buf_add_byte(out, ')');
			at += n;
		} else {
			buf_add_str(out, "${_}");
			at += n > 0 ? n : 1;
		}
	}
}

static enum assay_status
flush(struct make *m)
{
	struct dep_place place = { m->file, m->line, 1 };
	if (!m->open)
		return ASSAY_OK;
	m->open = false;
	TRY(buf_status(&m->recipe, "a recipe", m->w->err));
	char *text = arena_copy(m->w->arena, buf_span(&m->recipe));
	buf_reset(&m->recipe);
	return text != NULL ? install_script(m->w, assay_span_str(text), place, true, 0) : arena_full(m->w->err);
}

static enum assay_status
run_text(struct make *m, const char *text, size_t len, unsigned number)
{
	struct dep_place place = { m->file, number, 1 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(RECIPE_MAX);
	add_line(m, &out, text, len);
	TRY(buf_status(&out, "a command", m->w->err));
	return install_script(m->w, buf_span(&out), place, false, 0);
}

/* A line that is no recipe's: "NAME := $(shell ...)" runs something all the same. */
static enum assay_status
read_plain(struct make *m, const char *line, unsigned number)
{
	for (const char *at = line; (at = strpbrk(at, "({")) != NULL; at++) {
		const size_t n = at > line && at[-1] == '$' && is_shell(at + 1) ? make_reference(at) : 0;
		if (n < 9)
			continue;
		TRY(run_text(m, at + 7, n - 8, number));
		at += n - 1;
	}
	return ASSAY_OK;
}

/* "NAME != command", also behind a rule's ':'; of a "define" the commands stand in lines of their own. */
static enum assay_status
read_shell_assignment(struct make *m, const char *line, unsigned number)
{
	struct make_assign a;
	struct dep_place place = { m->file, number, 1 };
	const char *behind = make_behind_colon(line);
	if (!make_assignment(line, &a) && (behind == NULL || !make_assignment(behind, &a)))
		return ASSAY_OK;
	if (a.op_len == 0 || a.op[0] != '!')
		return ASSAY_OK;
	if (CATCH(make_assigns_lines, a.value[strspn(a.value, " \t\r")] == '\0'))
		return dep_find(m->w, DEP_INSTALL_UNREAD, place, NULL, "a command that an assignment runs is not written beside it");
	if (CATCH(make_assigns_output, a.op[0] == '!'))
		return run_text(m, a.value, strlen(a.value), number);
	return ASSAY_OK;
}

/* ---- what one Makefile takes in ---- */

/* A file of the tree by this name, as make may take it, that nobody reads; or NULL. */
static const char *
find_unread(struct make *m, const char *name)
{
	const struct sources *all = m->w->sources;
	const struct source_file *one = name != NULL ? sources_find(all, dep_starts(name, "**/") ? name + 3 : name) : NULL;
	if (one != NULL)
		return make_is_read(one->path) ? NULL : one->path;
	if (name == NULL || strpbrk(name, "*?") == NULL || m->patterns++ > PATTERNS_MAX)
		return NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct source_file *f = &all->files[i];
		if (text_match(assay_span_str(name), assay_span_str(f->path)) && !make_is_read(f->path))
			return f->path;
	}
	return NULL;
}

/* "include" and how else it is written; of BSD's the name stands in quotes. */
static const char *
included(const char *line)
{
	static const char *const words[] = { "include", "-include", "sinclude", ".include", ".-include", ".sinclude", ".dinclude" };
	const char *rest;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (make_word(line, words[i], &rest))
			return rest;
	}
	return NULL;
}

/* A word as a pattern over paths: "[a-z]" is any character; of a computed folder what is below it is looked for everywhere. */
static char *
as_pattern(const struct make *m, const char *word, size_t len)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(MAKE_LINE_MAX);
	for (const char *at = word; at < word + len; at += make_token(at)) {
		const size_t n = make_token(at), set = *at == '[' ? strcspn(at, "]") : 0;
		if (*at == '$' && at[n] == '/') {
			buf_reset(&out);
			buf_add_str(&out, "**");
		} else if (set > 0 && at + set < word + len) {
			buf_add_byte(&out, '?');
			at += set;
		} else {
			buf_add(&out, at, n);
		}
	}
	return buf_status(&out, "a name", NULL) == ASSAY_OK ? arena_copy(m->w->arena, buf_span(&out)) : NULL;
}

/* The length of the word ahead; also of those in "$(wildcard ...)", into which *at is moved. */
static size_t
include_word(const char **at)
{
	size_t n = 0;
	if (strncmp(*at, "$(wildcard ", 11) == 0 || strncmp(*at, "${wildcard ", 11) == 0)
		*at += 11;
	while ((*at)[n] != '\0' && strchr(" \t\r\"<>#)}", (*at)[n]) == NULL)
		n += make_token(*at + n);
	return n;
}

/* make looks for what it takes in where it was started: in the Makefile's folder, or, as a rule, the tree's own. */
static enum assay_status
read_include(struct make *m, const char *line, unsigned number)
{
	struct dep_place place = { m->file, number, 1 };
	const char *folder = dep_folder(m->w->arena, m->file);
	size_t n;
	for (const char *at = included(line); at != NULL && *at != '\0' && *at != '#'; at += n > 0 ? n : 1) {
		n = include_word(&at);
		const char *word = as_pattern(m, at, n);
		if (word == NULL || folder == NULL)
			return arena_full(m->w->err);
		const char *unread = n > 0 ? find_unread(m, dep_join(m->w->arena, folder, word)) : NULL;
		if (unread == NULL && n > 0)
			unread = find_unread(m, dep_join(m->w->arena, "", word));
		if (CATCH(make_includes_unread, unread != NULL))
			TRY(dep_find(m->w, DEP_INSTALL_UNREAD, place, unread, "'%.200s' is taken in, and by its name it isn't read", unread));
	}
	if (m->patterns > PATTERNS_MAX)
		return assay_fail(m->w->err, ASSAY_E_LIMIT, "it takes in more patterns than are followed");
	return ASSAY_OK;
}

/* ---- lines ---- */

/* GNU make takes such a line for no rule when a blank follows the word; others do for one with a ':'. */
static bool
is_condition(const char *line)
{
	static const char *const words[] = { "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif" };
	const char *rest;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (make_word(line, words[i], &rest))
			return !CATCH(make_rule_like_condition, make_behind_colon(rest) != NULL);
	}
	return false;
}

static bool
is_blank(const char *line)
{
	const char *at = line + strspn(line, " \t\r");
	return *at == '\0' || *at == '#';
}

/* A blank line, a comment, an assignment, a condition, an include: no recipe follows it. Whatever else may make a rule. */
static bool
is_no_rule(const char *line)
{
	struct make_assign a;
	if (is_blank(line) || is_condition(line))
		return true;
	if (included(line) != NULL)
		return !CATCH(make_rule_like_include, make_behind_colon(line) != NULL);
	return make_assignment(line, &a) && !a.defines && make_is_name(a.name, a.name_len);
}

static void
open_recipe(struct make *m, unsigned line)
{
	m->line = m->open ? m->line : line;
	m->open = true;
}

/* The lines of a recipe, as they are written: a shell joins them itself. */
static void
add_recipe(struct make *m, const struct make_line *l)
{
	const char *at = l->at;
	open_recipe(m, l->number);
	for (unsigned i = 0; i < l->count; i++) {
		size_t n = i + 1 < l->count ? strcspn(at, "\n") : l->len - (size_t)(at - l->at);
		size_t len = n > 0 && at[n - 1] == '\r' ? n - 1 : n, skip = make_template(at);
		skip += i > 0 ? 0 : strspn(at + skip, "\t @+-");
		if (skip < len)
			add_line(m, &m->recipe, at + skip, len - skip);
		buf_add_byte(&m->recipe, '\n');
		at += n + 1;
	}
}

/* "all: ; command": the recipe begins in the rule's own line. */
static void
add_beside_rule(struct make *m, const struct make_line *l)
{
	struct make_assign a;
	const char *line = make_text(l), *behind = make_behind_colon(line), *semicolon = make_find(line, ";");
	const char *rule = make_find(line, ":$");
	if (semicolon == NULL || rule == NULL || rule > semicolon || make_assignment(line, &a) || (behind != NULL && make_assignment(behind, &a)))
		return;
	const char *text = semicolon + 1 + strspn(semicolon + 1, "\t @+-");
	if (!CATCH(make_beside_rule, *text != '\0'))
		return;
	open_recipe(m, l->number);
	add_line(m, &m->recipe, text, strlen(text));
	for (unsigned i = 0; i < l->count; i++)
		buf_add_byte(&m->recipe, '\n');
}

static enum assay_status
read_make_line(struct make *m, const struct make_line *l)
{
	const char *line = make_text(l);
	const bool no_rule = is_no_rule(line);
	TRY(read_shell_assignment(m, line, l->number));
	TRY(read_include(m, line, l->number));
	m->has_rule |= !no_rule;
	/* A tab before the first rule is a blank. */
	if (*line == '\t' && m->has_rule) {
		add_recipe(m, l);
		return ASSAY_OK;
	}
	if (m->open && (is_blank(line) || is_condition(line))) {
		for (unsigned i = 0; i < l->count; i++)
			buf_add_byte(&m->recipe, '\n');
		return ASSAY_OK;
	}
	TRY(flush(m));
	TRY(read_plain(m, line, l->number));
	if (!no_rule)
		add_beside_rule(m, l);
	return ASSAY_OK;
}

enum assay_status
install_read_make(struct dep_work *w, const struct source_file *f)
{
	TRY(make_look_for_own(w));
	CLEANUP(make_done) struct make m = { .w = w, .file = f->path, .recipe = BUF_INIT(RECIPE_MAX),
		.plain_make = !w->make_own };
	CLEANUP(make_line_done) struct make_line l = { .text = BUF_INIT(MAKE_LINE_MAX) };
	unsigned number = 1;
	if (!text_is_utf8(f->bytes))
		return assay_fail(w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	const char *at = arena_copy(w->arena, f->bytes);
	if (at == NULL)
		return arena_full(w->err);
	if (CATCH(make_prefix, strstr(at, ".RECIPEPREFIX") != NULL))
		return assay_fail(w->err, ASSAY_E_FORMAT, "it changes what recipes begin with");
	for (;;) {
		bool more;
		TRY(make_next_line(&at, &number, &l, &more, w->err));
		if (!more)
			return flush(&m);
		TRY(read_make_line(&m, &l));
	}
}
