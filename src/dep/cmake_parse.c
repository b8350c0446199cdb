/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmake-language(7): comments, commands and their three kinds of argument.
 */
#include "cmake.h"

#include <base/text.h>

#define COMMANDS_MAX 100000u
#define ARGS_TOTAL_MAX 500000u

struct lexer {
	const char *at, *line_start;
	unsigned line;
	size_t args;
	const char *name;
	struct arena *arena;
	struct assay_error *err;
};

static unsigned
column_of(const struct lexer *l)
{
	return (unsigned)(l->at - l->line_start) + 1;
}

static enum assay_status
bad(const struct lexer *l, const char *what)
{
	assay_fail(l->err, ASSAY_E_FORMAT, "%s", what);
	return assay_error_at(l->err, ASSAY_E_FORMAT, l->name, l->line, column_of(l));
}

static void
step(struct lexer *l)
{
	if (*l->at == '\n') {
		l->line++;
		l->line_start = l->at + 1;
	}
	l->at++;
}

/* At a '[': how many '=' stand before a second '['; -1 when it opens no bracket. */
static int
bracket_level(const char *at)
{
	int level = 0;
	if (*at != '[')
		return -1;
	for (at++; *at == '='; at++)
		level++;
	return *at == '[' ? level : -1;
}

/* Past the bracket that at opens; its text in *ret_text when that isn't NULL. */
static enum assay_status
read_bracket(struct lexer *l, int level, const char **ret_text)
{
	const char *from = l->at + level + 2;
	while (l->at < from)
		step(l);
	if (dep_starts(l->at, "\r\n"))
		step(l);
	if (*l->at == '\n')
		step(l);
	from = l->at;
	for (; *l->at != '\0'; step(l)) {
		int closing = 0;
		if (*l->at != ']')
			continue;
		while (l->at[1 + closing] == '=')
			closing++;
		if (closing != level || l->at[1 + closing] != ']')
			continue;
		size_t n = (size_t)(l->at - from);
		l->at += level + 2;
		if (ret_text == NULL)
			return ASSAY_OK;
		*ret_text = arena_copy(l->arena, (struct assay_span){ (const unsigned char *)from, n });
		return *ret_text != NULL ? ASSAY_OK : arena_full(l->err);
	}
	return bad(l, "a bracket has no end");
}

/* Blanks, new lines and comments. */
static enum assay_status
skip(struct lexer *l)
{
	for (;;) {
		if (*l->at == '#') {
			int level = bracket_level(l->at + 1);
			if (level >= 0) {
				l->at++;
				TRY(read_bracket(l, level, NULL));
				continue;
			}
			while (*l->at != '\0' && *l->at != '\n')
				l->at++;
		} else if (*l->at != '\0' && strchr(" \t\r\n", *l->at) != NULL) {
			step(l);
		} else {
			return ASSAY_OK;
		}
	}
}

/* Past a quoted text, both quotes included. */
static enum assay_status
skip_quoted(struct lexer *l)
{
	l->at++;
	while (*l->at != '"') {
		if (*l->at == '\\' && l->at[1] != '\0')
			step(l);
		if (*l->at == '\0')
			return bad(l, "a quoted argument has no end");
		step(l);
	}
	l->at++;
	return ASSAY_OK;
}

/* Quotes and "$(NAME)" in the middle belong to it, as in files of long ago. */
static enum assay_status
skip_unquoted(struct lexer *l)
{
	const char *from = l->at;
	while (*l->at != '\0' && strchr(" \t\r\n()#", *l->at) == NULL) {
		if (*l->at == '"') {
			if (l->at == from)
				break;
			TRY(skip_quoted(l));
		} else if (dep_starts(l->at, "$(")) {
			while (*l->at != '\0' && *l->at != ')' && *l->at != '\n')
				l->at++;
			if (*l->at != ')')
				return bad(l, "'$(' has no end");
			l->at++;
		} else {
			if (*l->at == '\\' && l->at[1] != '\0' && l->at[1] != '\n')
				l->at++;
			step(l);
		}
	}
	return l->at > from ? ASSAY_OK : bad(l, "no argument");
}

static enum assay_status
read_arg(struct lexer *l, struct cmake_arg *a)
{
	int level = bracket_level(l->at);
	const char *from = l->at;
	if (level >= 0) {
		a->kind = CMAKE_BRACKET;
		return read_bracket(l, level, &a->text);
	}
	a->kind = *from == '"' ? CMAKE_QUOTED : CMAKE_UNQUOTED;
	if (a->kind == CMAKE_QUOTED)
		TRY(skip_quoted(l));
	else
		TRY(skip_unquoted(l));
	size_t n = (size_t)(l->at - from), quote = a->kind == CMAKE_QUOTED ? 1 : 0;
	a->text = arena_copy(l->arena, (struct assay_span){ (const unsigned char *)from + quote, n - 2 * quote });
	return a->text != NULL ? ASSAY_OK : arena_full(l->err);
}

/* Behind '('; parentheses inside are arguments of their own. */
static enum assay_status
read_args(struct lexer *l, struct cmake_command *c)
{
	struct cmake_arg **last = &c->args;
	unsigned open = 1;
	for (;;) {
		TRY(skip(l));
		if (*l->at == '\0')
			return bad(l, "a command has no ')'");
		if (*l->at == ')' && --open == 0) {
			l->at++;
			return ASSAY_OK;
		}
		struct cmake_arg *a = arena_alloc(l->arena, sizeof *a);
		if (a == NULL)
			return arena_full(l->err);
		if (++l->args > ARGS_TOTAL_MAX)
			return assay_fail(l->err, ASSAY_E_LIMIT, "more arguments than are read");
		a->line = l->line;
		a->column = column_of(l);
		if (*l->at == '(' || *l->at == ')') {
			open += *l->at == '(';
			a->text = *l->at++ == '(' ? "(" : ")";
		} else {
			TRY(read_arg(l, a));
		}
		*last = a;
		last = &a->next;
	}
}

/* Where CMake itself puts its helpers when it makes a package's configuration of a template. */
static bool
read_package_init(struct lexer *l, struct cmake_command *c)
{
	const char *name = l->name != NULL && dep_ends(l->name, ".in") ? l->at : "";
	const size_t n = strlen(CMAKE_PACKAGE_INIT);
	if (strncmp(name, CMAKE_PACKAGE_INIT, n) != 0 || strchr("\r\n", l->at[n]) == NULL)
		return false;
	*c = (struct cmake_command){ .name = CMAKE_PACKAGE_INIT, .line = l->line, .column = column_of(l) };
	l->at += n;
	return true;
}

static enum assay_status
read_command(struct lexer *l, struct cmake_command *c)
{
	if (read_package_init(l, c))
		return ASSAY_OK;
	size_t n = strspn(l->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	char *name = arena_copy(l->arena, (struct assay_span){ (const unsigned char *)l->at, n });
	if (name == NULL)
		return arena_full(l->err);
	if (n == 0 || (*name >= '0' && *name <= '9'))
		return bad(l, "no command begins so");
	for (size_t i = 0; i < n; i++)
		name[i] = text_lower(name[i]);
	*c = (struct cmake_command){ .name = name, .line = l->line, .column = column_of(l) };
	l->at += n;
	l->at += strspn(l->at, " \t");
	if (*l->at != '(')
		return bad(l, "a command wants '('");
	l->at++;
	return read_args(l, c);
}

enum assay_status
cmake_parse(struct assay_span bytes, const char *name, struct arena *arena, struct cmake_command **ret_commands,
    size_t *ret_count, struct assay_error *err)
{
	struct lexer l = { .line = 1, .name = name, .arena = arena, .err = err };
	size_t count = 0, room = 64;
	if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0) {
		bytes.data += 3;
		bytes.len -= 3;
	}
	if (!text_is_utf8(bytes))
		return assay_fail(err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	l.at = l.line_start = arena_copy(arena, bytes);
	struct cmake_command *commands = arena_array(arena, room, sizeof *commands);
	if (l.at == NULL || commands == NULL)
		return arena_full(err);
	for (;;) {
		TRY(skip(&l));
		if (*l.at == '\0')
			break;
		if (count == COMMANDS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "more commands than are read");
		if (count == room) {
			struct cmake_command *more = arena_array(arena, 2 * room, sizeof *more);
			if (more == NULL)
				return arena_full(err);
			memcpy(more, commands, count * sizeof *more);
			commands = more;
			room *= 2;
		}
		TRY(read_command(&l, &commands[count++]));
	}
	*ret_commands = commands;
	*ret_count = count;
	return ASSAY_OK;
}

/* Some file speaks of the variable itself and may well set it: then what stands in its place is not CMake's. */
static bool
sets_package_init(const struct dep_work *w)
{
	static const char variable[] = "PACKAGE_INIT";
	for (size_t i = 0; i < w->sources->count; i++) {
		struct assay_span rest = w->sources->files[i].bytes;
		const unsigned char *at;
		while (rest.len > 0 && (at = memmem(rest.data, rest.len, variable, sizeof variable - 1)) != NULL) {
			const size_t end = (size_t)(at - rest.data) + sizeof variable - 1;
			if (at == rest.data || at[-1] != '@' || end == rest.len || rest.data[end] != '@')
				return true;
			rest.data += end;
			rest.len -= end;
		}
	}
	return false;
}

enum assay_status
cmake_read(struct dep_work *w, const struct source_file *f)
{
	struct cmake_command *commands;
	size_t count;
	TRY(cmake_parse(f->bytes, f->path, w->arena, &commands, &count, w->err));
	for (size_t i = 0; i < count; i++) {
		const bool init = strcmp(commands[i].name, CMAKE_PACKAGE_INIT) == 0;
		if (init && CATCH(cmake_own_init, sets_package_init(w)))
			return assay_fail(w->err, ASSAY_E_FORMAT, "PACKAGE_INIT is not left to CMake");
	}
	dep_judged(w, DEP_SOURCES, "CMake files");
	return ASSAY_OK;
}
