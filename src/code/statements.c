/* SPDX-License-Identifier: Apache-2.0 */
#include "statements.h"

#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

bool
token_is(const struct code_identity_token *t, const char *text)
{
	return t->text.len == strlen(text) && memcmp(t->text.data, text, t->text.len) == 0;
}

bool
token_is_word(const struct code_identity_token *t)
{
	const unsigned char c = t->text.len == 0 ? '\0' : t->text.data[0];
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool
token_among(const struct code_identity_token *t, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (token_is(t, *words))
			return true;
	}
	return false;
}

static const char *
symbol_here(const struct splitter *s)
{
	return s->depth == 0 ? "" : s->scopes[s->depth - 1].symbol;
}

/* ---- statements ---- */

static enum assay_status
keep(struct splitter *s, const struct statement *st, struct assay_error *err)
{
	if (s->found_count == s->found_room) {
		const size_t room = s->found_room == 0 ? 256 : 2 * s->found_room;
		struct statement *more = reallocarray(s->found, room, sizeof *more);
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for %zu statements", room);
		s->found = more;
		s->found_room = room;
	}
	s->found[s->found_count++] = *st;
	return ASSAY_OK;
}

/* Ends the statement before token end, and begins the next one at token next. */
static enum assay_status
cut(struct splitter *s, size_t end, size_t next, struct assay_error *err)
{
	const size_t first = s->begin;
	s->begin = next;
	/* A semicolon of its own is none. */
	if (first >= end || (end - first == 1 && token_is(&s->tokens[first], ";")))
		return ASSAY_OK;
	const struct statement st = { first, end, 0, 0, symbol_here(s) };
	return keep(s, &st, err);
}

/* "if (...)", "for (...)": what follows is a statement of its own, with or without braces. */
static bool
is_head(const struct splitter *s)
{
	static const char *const heads[] = { "if", "for", "while", "switch", "catch", NULL };
	return s->depth > 0 && s->scopes[s->depth - 1].kind != SCOPE_LIST && token_among(&s->tokens[s->begin], heads);
}

/* "case X:", "default:", "name:", "public:"; a colon elsewhere parts nothing. */
static bool
is_label(const struct splitter *s, size_t colon)
{
	static const char *const labels[] = { "case", "default", NULL };
	if (token_among(&s->tokens[s->begin], labels))
		return true;
	return colon == s->begin + 1 && token_is_word(&s->tokens[s->begin])
	    && !(colon + 1 < s->count && token_is(&s->tokens[colon + 1], ":"));
}

/* ---- braces ---- */

static enum assay_status
open_brace(struct splitter *s, size_t at, struct assay_error *err)
{
	const struct statement *before = s->found_count == 0 ? NULL : &s->found[s->found_count - 1];
	struct scope opened = { .head = s->begin, .head_end = at, .parens = s->parens };
	/* "if (...)" was cut off as a statement of its own. */
	if (s->begin == at && before != NULL && before->end == at && !token_is(&s->tokens[at - 1], ";")) {
		opened.head = before->first;
		opened.head_end = before->end;
	}
	statement_opens(s, s->begin, at, &opened);
	if (opened.symbol == NULL)
		return arena_full(err);
	/* What the brace belongs to is a statement of the scope around it, but of a function it is the function's. */
	if (opened.kind == SCOPE_FUNCTION && s->begin < at) {
		const struct statement st = { s->begin, at, 0, 0, opened.symbol };
		TRY(keep(s, &st, err));
		s->begin = at;
	}
	TRY(cut(s, at, at + 1, err));
	if (s->depth == CODE_SCOPES_MAX) {
		s->lost++;
		return ASSAY_OK;
	}
	s->scopes[s->depth++] = opened;
	s->parens = 0;
	return ASSAY_OK;
}

static enum assay_status
close_brace(struct splitter *s, size_t at, struct assay_error *err)
{
	TRY(cut(s, at, at + 1, err));
	if (s->lost > 0) {
		s->lost--;
		return ASSAY_OK;
	}
	if (s->depth == 0)
		return ASSAY_OK;
	const struct scope *closed = &s->scopes[s->depth - 1];
	const struct statement st = { at, at + 1, closed->head, closed->head_end, closed->symbol };
	s->parens = closed->parens;
	s->depth--;
	return closed->kind == SCOPE_LIST ? ASSAY_OK : keep(s, &st, err);
}

/* ---- lines of the preprocessor ---- */

/* Of two branches only one is there: the second begins where the first did, and what follows goes on where the first ended. */
static void
follow_branches(struct splitter *s, size_t hash)
{
	static const char *const opens[] = { "if", "ifdef", "ifndef", NULL };
	static const char *const others[] = { "else", "elif", "elifdef", "elifndef", NULL };
	if (hash + 1 >= s->count || !s->tokens[hash + 1].directive)
		return;
	const struct code_identity_token *word = &s->tokens[hash + 1];
	struct branch *b = s->branch_depth == 0 ? NULL : &s->branches[s->branch_depth - 1];
	if (token_among(word, opens) && s->branch_depth < CODE_SCOPES_MAX) {
		s->branches[s->branch_depth++] = (struct branch){ .depth = s->depth, .parens = s->parens };
	} else if (token_among(word, others) && b != NULL) {
		if (!b->has_end) {
			b->end_depth = s->depth;
			b->end_parens = s->parens;
			b->has_end = true;
		}
		s->depth = b->depth;
		s->parens = b->parens;
	} else if (token_is(word, "endif") && b != NULL) {
		s->depth = b->has_end ? b->end_depth : s->depth;
		s->parens = b->has_end ? b->end_parens : s->parens;
		s->branch_depth--;
	}
}

/* A line of the preprocessor is a statement; one that it stands in the midst of is two. */
static enum assay_status
take_directive(struct splitter *s, size_t *at, struct assay_error *err)
{
	const size_t first = *at;
	size_t end = first + 1;
	while (end < s->count && s->tokens[end].directive && !s->tokens[end].first)
		end++;
	const bool midst = s->begin < first;
	if (midst)
		TRY(cut(s, first, end, err));
	s->begin = end;
	follow_branches(s, first);
	const bool defines = first + 2 < end && token_is(&s->tokens[first + 1], "define");
	const char *symbol = defines ? arena_copy(s->arena, s->tokens[first + 2].text) : symbol_here(s);
	if (symbol == NULL)
		return arena_full(err);
	const struct statement st = { first, end, 0, 0, symbol };
	*at = end;
	return keep(s, &st, err);
}

/* ---- all of it ---- */

static enum assay_status
take_closing_paren(struct splitter *s, size_t at, struct assay_error *err)
{
	s->parens -= s->parens > 0;
	return s->parens == 0 && is_head(s) ? cut(s, at + 1, at + 1, err) : ASSAY_OK;
}

static enum assay_status
take_word(struct splitter *s, size_t at, struct assay_error *err)
{
	static const char *const alone[] = { "else", "do", "try", "finally", NULL };
	return at == s->begin && token_among(&s->tokens[at], alone) ? cut(s, at + 1, at + 1, err) : ASSAY_OK;
}

static bool
in_list(const struct splitter *s)
{
	return s->parens == 0 && s->depth > 0 && s->scopes[s->depth - 1].kind == SCOPE_LIST;
}

/* A colon or semicolon within brackets parts nothing. */
static enum assay_status
take_mark(struct splitter *s, size_t at, bool ends, struct assay_error *err)
{
	return s->parens == 0 && ends ? cut(s, at + 1, at + 1, err) : ASSAY_OK;
}

static enum assay_status
take(struct splitter *s, size_t at, struct assay_error *err)
{
	const struct code_identity_token *t = &s->tokens[at];
	switch (t->text.len == 1 ? t->text.data[0] : '\0') {
	case '{':
		return open_brace(s, at, err);
	case '}':
		return close_brace(s, at, err);
	case '(':
	case '[':
		s->parens++;
		return ASSAY_OK;
	case ')':
		return take_closing_paren(s, at, err);
	case ']':
		s->parens -= s->parens > 0;
		return ASSAY_OK;
	case ';':
		return take_mark(s, at, true, err);
	case ',':
		return in_list(s) ? cut(s, at, at + 1, err) : ASSAY_OK;
	case ':':
		return take_mark(s, at, is_label(s, at), err);
	default:
		return take_word(s, at, err);
	}
}

static int
by_first(const void *a, const void *b)
{
	const struct statement *x = a, *y = b;
	return x->first < y->first ? -1 : x->first > y->first;
}

enum assay_status
splitter_run(struct splitter *s, struct assay_error *err)
{
	for (size_t at = 0; at < s->count;) {
		if (s->tokens[at].directive) {
			TRY(take_directive(s, &at, err));
			continue;
		}
		TRY(take(s, at, err));
		at++;
	}
	TRY(cut(s, s->count, s->count, err));
	if (s->found_count > 0)
		qsort(s->found, s->found_count, sizeof *s->found, by_first);
	return ASSAY_OK;
}
