/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: the recipes of Makefiles, as the scripts that make hands to a shell: all lines of a target together.
 */
#include "install.h"

#define RECIPE_MAX (1u << 20)
#define MAKEFILES_MAX ((size_t)1 << 30)

struct make {
	struct dep_work *w;
	const char *file;
	struct buf recipe;
	unsigned line;  /* of the recipe's first line */
	bool open;
	bool plain_make; /* "$(MAKE)" is make */
	bool has_rule;   /* a rule, or the first line of a recipe to be used by name, may stand above */
};

static void
make_done(struct make *m)
{
	buf_done(&m->recipe);
}

/* The length of "$(...)" or "${...}" from its bracket on, 0 when it has no end. */
static size_t
reference_len(const char *at)
{
	char open = *at, close = open == '(' ? ')' : '}';
	int depth = 0;
	for (size_t i = 0; at[i] != '\0' && at[i] != '\n'; i++) {
		depth += at[i] == open ? 1 : at[i] == close ? -1 : 0;
		if (depth == 0)
			return i + 1;
	}
	return 0;
}

static bool
is_name(const char *text, size_t len)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	return len > 0 && strspn(text, chars) >= len && !(text[0] >= '0' && text[0] <= '9');
}

/* "MAKE", a blank or none, and '=' with what may stand before it; or "define MAKE". */
static bool
gives_make_a_meaning(const char *text)
{
	for (const char *at = text; (at = strstr(at, "MAKE")) != NULL; at += 4) {
		const char *after = at + 4 + strspn(at + 4, " \t");
		const bool own = at == text || !is_name(at - 1, 1);
		if (own && after[strspn(after, ":?+!")] == '=')
			return true;
		if (own && *after == '\n' && at - text >= 7 && strncmp(at - 7, "define ", 7) == 0)
			return true;
	}
	return false;
}

/* Any of them: one Makefile reads another, and what one exports holds in those that it runs. */
static enum assay_status
look_for_own_make(struct dep_work *w)
{
	CLEANUP(arena_free) struct arena *texts = NULL;
	if (w->make_known)
		return ASSAY_OK;
	w->make_known = true;
	for (size_t i = 0; i < w->sources->count && !w->make_own; i++) {
		const struct source_file *f = &w->sources->files[i];
		bool reads = false;
		for (size_t k = 0; k < dep_kind_count && !reads; k++)
			reads = dep_kinds[k].read == install_read_make && dep_fits_kind(&dep_kinds[k], f->path);
		if (!reads)
			continue;
		if (texts == NULL && arena_new(MAKEFILES_MAX, &texts) != ASSAY_OK)
			return arena_full(w->err);
		const char *text = arena_copy(texts, f->bytes);
		if (text == NULL)
			return arena_full(w->err);
		w->make_own = CATCH(make_own, gives_make_a_meaning(text));
	}
	return ASSAY_OK;
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
		size_t n = *at == '(' || *at == '{' ? reference_len(at) : 0;
		if (*at == '$') {
			buf_add_byte(out, '$');
			at++;
		} else if (m->plain_make && n == 6 && strncmp(at + 1, "MAKE", 4) == 0) {
			buf_add_str(out, "make");
			at += n;
		} else if (n > 2 && is_name(at + 1, n - 2)) {
			buf_addf(out, "${%.*s}", (int)(n - 2), at + 1);
			at += n;
		} else if (n > 8 && strncmp(at + 1, "shell ", 6) == 0) {
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

/* A line that is no recipe's: "NAME := $(shell ...)" runs something all the same. */
static enum assay_status
read_plain(struct make *m, const char *line, size_t len, unsigned number)
{
	struct dep_place place = { m->file, number, 1 };
	for (size_t i = 0; i + 9 < len; i++) {
		size_t n = line[i] == '$' && strncmp(line + i + 1, "(shell ", 7) == 0 ? reference_len(line + i + 1) : 0;
		if (n < 9 || i + 1 + n > len)
			continue;
		CLEANUP(buf_done) struct buf text = BUF_INIT(RECIPE_MAX);
		add_line(m, &text, line + i + 8, n - 8);
		TRY(buf_status(&text, "a command", m->w->err));
		TRY(install_script(m->w, buf_span(&text), place, false, 0));
		i += n;
	}
	return ASSAY_OK;
}

static bool
is_between(const char *line, size_t len)
{
	static const char *const words[] = { "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif" };
	size_t blank = strspn(line, " ");
	if (blank >= len || line[blank] == '#')
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (dep_starts(line, words[i]))
			return true;
	}
	return false;
}

/* A blank line, a comment, an assignment, a condition, an include: no recipe follows it. Whatever else may make a rule. */
static bool
is_no_rule(const char *line, size_t len)
{
	static const char *const words[] = { "include ", "-include ", "sinclude ", "ifeq", "ifneq", "ifdef ", "ifndef ", "else", "endif" };
	static const char *const before[] = { "export ", "override " };
	const char *at = line + strspn(line, " \t");
	if (at >= line + len || *at == '#')
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (dep_starts(at, words[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
		at += dep_starts(at, before[i]) ? strlen(before[i]) : 0;
	const char *end = at;
	while (is_name(end, 1) || (*end >= '0' && *end <= '9'))
		end++;
	const char *sign = end + strspn(end, " \t");
	return end > at && sign[strspn(sign, ":?+!")] == '=';
}

/* One line of the file; *continued: the one before ended with a backslash. */
static enum assay_status
read_make_line(struct make *m, const char *at, size_t len, unsigned number, bool continued)
{
	m->has_rule |= !continued && !is_no_rule(at, len);
	/* A tab before the first rule is a blank. */
	if ((*at != '\t' && !(continued && m->open)) || !m->has_rule) {
		if (m->open && is_between(at, len)) {
			buf_add_byte(&m->recipe, '\n');
			return ASSAY_OK;
		}
		TRY(flush(m));
		return read_plain(m, at, len, number);
	}
	if (!m->open) {
		m->open = true;
		m->line = number;
	}
	size_t skip = continued ? 0 : strspn(at, "\t @+-");
	if (skip < len)
		add_line(m, &m->recipe, at + skip, len - skip);
	buf_add_byte(&m->recipe, '\n');
	return ASSAY_OK;
}

enum assay_status
install_read_make(struct dep_work *w, const struct source_file *f)
{
	TRY(look_for_own_make(w));
	CLEANUP(make_done) struct make m = { .w = w, .file = f->path, .recipe = BUF_INIT(RECIPE_MAX),
		.plain_make = !w->make_own };
	unsigned number = 0;
	bool continued = false;
	if (!text_is_utf8(f->bytes))
		return assay_fail(w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	const char *at = arena_copy(w->arena, f->bytes);
	if (at == NULL)
		return arena_full(w->err);
	if (CATCH(make_prefix, strstr(at, ".RECIPEPREFIX") != NULL))
		return assay_fail(w->err, ASSAY_E_FORMAT, "it changes what recipes begin with");
	while (*at != '\0') {
		size_t n = strcspn(at, "\n"), len = n > 0 && at[n - 1] == '\r' ? n - 1 : n;
		TRY(read_make_line(&m, at, len, ++number, continued));
		continued = len > 0 && at[len - 1] == '\\';
		at += n + (at[n] == '\n');
	}
	return flush(&m);
}
