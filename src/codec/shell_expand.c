/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a word is made of: literals under quotes, expansions, substitutions, templates.
 */
#include "shell_words.h"

#include <base/cleanup.h>
#include <ctype.h>
#include <string.h>

void
shell_growing_done(struct shell_growing *g)
{
	buf_done(&g->text);
}

/* ---- growing a word ---- */

enum assay_status
shell_close_literal(const struct shell_reader *r, struct shell_growing *g)
{
	if (!g->open)
		return ASSAY_OK;
	struct shell_part *p = NULL;
	TRY(shell_take(r, sizeof *p, &p));
	TRY(buf_status(&g->text, "word", r->err));
	p->quote = g->quote;
	p->line = g->line;
	p->column = g->column;
	p->op = "";
	p->text = arena_copy(r->arena, buf_span(&g->text));
	if (p->text == NULL)
		return arena_full(r->err);
	*(g->last == NULL ? &g->first : &g->last->next) = p;
	g->last = p;
	buf_reset(&g->text);
	g->open = false;
	return ASSAY_OK;
}

/* Opens a literal under this quote, for what is added next. */
static enum assay_status
literal(const struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	if (g->open && g->quote == quote)
		return ASSAY_OK;
	TRY(shell_close_literal(r, g));
	g->open = true;
	g->quote = quote;
	g->line = r->line;
	g->column = shell_column(r);
	return ASSAY_OK;
}

enum assay_status
shell_add_bytes(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote, size_t bytes)
{
	TRY(literal(r, g, quote));
	buf_add(&g->text, r->s + r->pos, bytes);
	shell_step(r, bytes);
	return ASSAY_OK;
}

static enum assay_status
add_part(const struct shell_reader *r, struct shell_growing *g, enum shell_part_kind kind,
    enum shell_quote quote, struct shell_part **ret_part)
{
	struct shell_part *p = NULL;
	TRY(shell_close_literal(r, g));
	TRY(shell_take(r, sizeof *p, &p));
	p->kind = kind;
	p->quote = quote;
	p->text = p->op = "";
	p->line = r->line;
	p->column = shell_column(r);
	*(g->last == NULL ? &g->first : &g->last->next) = p;
	g->last = p;
	*ret_part = p;
	return ASSAY_OK;
}

/* ---- expansions ---- */


/* "${{ ... }}" and "$[[ ... ]]"; the expression ends at the first closing mark outside of its single-quoted strings. */
enum assay_status
shell_read_template(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote, const char *end)
{
	struct shell_part *p = NULL;
	TRY(add_part(r, g, SHELL_TEMPLATE, quote, &p));
	shell_step(r, 3);
	while (isspace((unsigned char)shell_peek(r, 0)))
		shell_step(r, 1);
	size_t from = r->pos;
	for (bool inside = false; inside || !shell_starts(r, end); shell_step(r, 1)) {
		if (r->pos == r->len)
			return shell_fail(r, "a template without its '%s'", end);
		inside ^= shell_peek(r, 0) == '\'';
	}
	size_t to = r->pos;
	while (to > from && isspace((unsigned char)r->s[to - 1]))
		to--;
	shell_step(r, 2);
	return shell_copy(r, from, to, &p->text);
}

const char *
shell_template_end(const struct shell_reader *r)
{
	return shell_starts(r, "${{") ? "}}" : shell_starts(r, "$[[") ? "]]" : NULL;
}

enum assay_status
shell_read_single(struct shell_reader *r, struct shell_growing *g)
{
	shell_step(r, 1);
	TRY(literal(r, g, SHELL_SINGLE));
	while (shell_peek(r, 0) != '\'') {
		if (r->pos == r->len)
			return shell_fail(r, "a single quote that isn't closed");
		const char *end = shell_template_end(r);
		if (end != NULL)
			TRY(shell_read_template(r, g, SHELL_SINGLE, end));
		else
			TRY(shell_add_bytes(r, g, SHELL_SINGLE, 1));
	}
	shell_step(r, 1);
	return ASSAY_OK;
}

/* $'...': the escapes that stand for one byte are read; others stay as they are. */
static enum assay_status
read_ansi(struct shell_reader *r, struct shell_growing *g)
{
	static const char from[] = "ntrabfve\\'\"", to[] = "\n\t\r\a\b\f\v\033\\'\"";
	shell_step(r, 2);
	TRY(literal(r, g, SHELL_SINGLE));
	while (shell_peek(r, 0) != '\'') {
		if (r->pos == r->len)
			return shell_fail(r, "a single quote that isn't closed");
		char next = shell_peek(r, 1);
		const char *known = shell_peek(r, 0) == '\\' && next != '\0' ? strchr(from, next) : NULL;
		if (known == NULL) {
			TRY(shell_add_bytes(r, g, SHELL_SINGLE, 1));
			continue;
		}
		buf_add_byte(&g->text, (unsigned char)to[known - from]);
		shell_step(r, 2);
	}
	shell_step(r, 1);
	return ASSAY_OK;
}

/* What stands behind an operator in ${NAME op ...}, up to its brace. */
static enum assay_status
read_inner(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	while (shell_peek(r, 0) != '}') {
		char c = shell_peek(r, 0);
		if (r->pos == r->len)
			return shell_fail(r, "a '${' that isn't closed");
		if (c == '$')
			TRY(shell_read_dollar(r, g, quote));
		else if (c == '`')
			TRY(shell_read_backquoted(r, g, quote));
		else if (c == '"' && quote == SHELL_BARE)
			TRY(shell_read_double(r, g));
		else if (c == '\'' && quote == SHELL_BARE)
			TRY(shell_read_single(r, g));
		else {
			if (c == '\\' && r->pos + 1 < r->len)
				shell_step(r, 1);
			TRY(shell_add_bytes(r, g, quote, 1));
		}
	}
	return ASSAY_OK;
}

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* How many bytes of a parameter's name lie ahead: a name, a number, or one special character. */
static size_t
name_length(const struct shell_reader *r, size_t ahead, bool braced)
{
	size_t n = 0;
	char c = shell_peek(r, ahead);
	if (isdigit((unsigned char)c)) {
		while (isdigit((unsigned char)shell_peek(r, ahead + n)) && (braced || n == 0))
			n++;
		return n;
	}
	while (in_name(shell_peek(r, ahead + n)))
		n++;
	return n > 0 ? n : c != '\0' && strchr("@*#?$!-", c) != NULL;
}

static enum assay_status
read_braced(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	CLEANUP(shell_growing_done) struct shell_growing inner = { .text = BUF_INIT(SHELL_SIZE_MAX) };
	struct shell_part *p = NULL;
	TRY(shell_deeper(r));
	TRY(add_part(r, g, SHELL_VARIABLE, quote, &p));
	shell_step(r, 2);
	char sign = shell_peek(r, 0);
	if ((sign == '!' || sign == '#') && name_length(r, 1, true) > 0 && shell_peek(r, 1) != '}') {
		p->op = sign == '!' ? "!" : "#";
		shell_step(r, 1);
	}
	size_t n = name_length(r, 0, true);
	if (n == 0)
		return shell_fail(r, "'${' without a name");
	TRY(shell_copy(r, r->pos, r->pos + n, &p->text));
	shell_step(r, n);
	size_t from = r->pos;
	while (shell_peek(r, 0) != '\0' && strchr(":-=?+%#^,/@[", shell_peek(r, 0)) != NULL)
		shell_step(r, 1);
	if (r->pos > from)
		TRY(shell_copy(r, from, r->pos, &p->op));
	TRY(read_inner(r, &inner, quote));
	TRY(shell_close_literal(r, &inner));
	p->inner = inner.first;
	shell_step(r, 1);
	r->depth--;
	return ASSAY_OK;
}

/* Text up to the "))" that closes it. */
static enum assay_status
read_arithmetic(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	struct shell_part *p = NULL;
	TRY(add_part(r, g, SHELL_ARITHMETIC, quote, &p));
	shell_step(r, 3);
	size_t from = r->pos;
	for (unsigned open = 0;; shell_step(r, 1)) {
		char c = shell_peek(r, 0);
		if (r->pos == r->len)
			return shell_fail(r, "a '$((' that isn't closed");
		if (c == ')' && open == 0 && shell_peek(r, 1) == ')')
			break;
		open += c == '(';
		open -= c == ')' && open > 0;
	}
	TRY(shell_copy(r, from, r->pos, &p->text));
	shell_step(r, 2);
	return ASSAY_OK;
}

/* "$(", "<(" or ">(" lies ahead. */
enum assay_status
shell_read_substitution(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	struct shell_part *p = NULL;
	struct shell_script *script = NULL;
	char sign = shell_peek(r, 0);
	TRY(shell_deeper(r));
	TRY(add_part(r, g, sign == '$' ? SHELL_COMMAND : SHELL_PROCESS, quote, &p));
	p->text = sign == '$' ? "" : sign == '<' ? "<" : ">";
	shell_step(r, 2);
	TRY(shell_read_list(r, &script));
	if (shell_peek(r, 0) != ')')
		return shell_fail(r, "a '%c(' that isn't closed", sign);
	shell_step(r, 1);
	p->script = script;
	r->depth--;
	return ASSAY_OK;
}

/* Whether "$((" is arithmetic and not a command that begins with a subshell: its first unmatched ")" stands double. */
static bool
is_arithmetic(const struct shell_reader *r)
{
	unsigned open = 0;
	for (size_t i = 3; r->pos + i < r->len; i++) {
		char c = r->s[r->pos + i];
		if (c == '(')
			open++;
		else if (c == ')' && open == 0)
			return shell_peek(r, i + 1) == ')';
		else if (c == ')')
			open--;
		else if (c == '\n' || c == '\'' || c == '"')
			return false;
	}
	return true;
}

enum assay_status
shell_read_dollar(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	const char *end = shell_template_end(r);
	struct shell_part *p = NULL;
	if (end != NULL)
		return shell_read_template(r, g, quote, end);
	if (shell_starts(r, "$((") && is_arithmetic(r))
		return read_arithmetic(r, g, quote);
	if (shell_starts(r, "$("))
		return shell_read_substitution(r, g, quote);
	if (shell_starts(r, "${"))
		return read_braced(r, g, quote);
	if (quote == SHELL_BARE && shell_starts(r, "$'"))
		return read_ansi(r, g);
	if (quote == SHELL_BARE && shell_starts(r, "$\"")) {
		shell_step(r, 1);
		return shell_read_double(r, g);
	}
	size_t n = name_length(r, 1, false);
	if (n == 0)
		return shell_add_bytes(r, g, quote, 1);
	TRY(add_part(r, g, SHELL_VARIABLE, quote, &p));
	TRY(shell_copy(r, r->pos + 1, r->pos + 1 + n, &p->text));
	shell_step(r, 1 + n);
	return ASSAY_OK;
}

enum assay_status
shell_read_backquoted(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(SHELL_SIZE_MAX);
	struct shell_part *p = NULL;
	struct shell_script *script = NULL;
	TRY(shell_deeper(r));
	TRY(add_part(r, g, SHELL_COMMAND, quote, &p));
	struct shell_reader inner = *r;
	shell_step(r, 1);
	inner.line_start = r->line_start;
	for (; shell_peek(r, 0) != '`'; shell_step(r, 1)) {
		if (r->pos == r->len)
			return shell_fail(r, "a '`' that isn't closed");
		char next = shell_peek(r, 1);
		if (shell_peek(r, 0) == '\\' && next != '\0' && strchr("`\\$", next) != NULL)
			shell_step(r, 1);
		buf_add_byte(&text, (unsigned char)shell_peek(r, 0));
	}
	shell_step(r, 1);
	TRY(buf_status(&text, "script", r->err));
	inner.s = arena_copy(r->arena, buf_span(&text));
	if (inner.s == NULL)
		return arena_full(r->err);
	inner.len = text.len;
	inner.pos = inner.line_start = 0;
	inner.documents = NULL;
	TRY(shell_read_list(&inner, &script));
	if (inner.pos < inner.len)
		return shell_fail(&inner, "a ')' that closes nothing");
	p->script = script;
	r->depth--;
	return ASSAY_OK;
}

/* Bytes under double quotes up to the closing one, or to the end for a here-document. */
enum assay_status
shell_read_expanding(struct shell_reader *r, struct shell_growing *g, bool document)
{
	while (document ? r->pos < r->len : shell_peek(r, 0) != '"') {
		char c = shell_peek(r, 0), next = shell_peek(r, 1);
		if (r->pos == r->len)
			return shell_fail(r, "a double quote that isn't closed");
		if (c == '$')
			TRY(shell_read_dollar(r, g, SHELL_DOUBLE));
		else if (c == '`')
			TRY(shell_read_backquoted(r, g, SHELL_DOUBLE));
		else if (c == '\\' && next == '\n')
			shell_step(r, 2);
		else {
			if (c == '\\' && next != '\0' && strchr(document ? "$`\\" : "$`\\\"", next) != NULL)
				shell_step(r, 1);
			TRY(shell_add_bytes(r, g, SHELL_DOUBLE, 1));
		}
	}
	return ASSAY_OK;
}

enum assay_status
shell_read_double(struct shell_reader *r, struct shell_growing *g)
{
	TRY(shell_deeper(r));
	shell_step(r, 1);
	TRY(literal(r, g, SHELL_DOUBLE));
	TRY(shell_read_expanding(r, g, false));
	shell_step(r, 1);
	r->depth--;
	return ASSAY_OK;
}
