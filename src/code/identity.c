/* SPDX-License-Identifier: Apache-2.0 */
#include "statements.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <code/identity.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_MAX (1u << 20)

/* Lengths stand before the tokens, so that no two rows of tokens give the same bytes. */
static enum assay_status
digest_window(const struct splitter *s, const struct statement *st, struct code_place *ret_place, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(WINDOW_MAX);
	const size_t most = st->first + CODE_WINDOW_TOKENS_MAX;
	for (size_t i = st->first; i < st->end && i < most; i++)
		buf_add_ssh_string(&b, s->tokens[i].text);
	/* A brace that closes is told by what it closes. */
	const size_t head_most = st->head + CODE_WINDOW_TOKENS_MAX;
	for (size_t i = st->head; i < st->head_end && i < head_most; i++)
		buf_add_ssh_string(&b, s->tokens[i].text);
	TRY(buf_status(&b, "a statement", err));
	return assay_sha256(buf_span(&b), ret_place->window);
}

static int
by_window(const void *a, const void *b)
{
	const struct code_place *x = *(struct code_place *const *)a, *y = *(struct code_place *const *)b;
	int order = strcmp(x->symbol, y->symbol);
	if (order == 0)
		order = memcmp(x->window, y->window, sizeof x->window);
	return order != 0 ? order : x < y ? -1 : x > y;
}

static void
free_sorted(struct code_place ***sorted)
{
	free(*sorted);
}

enum assay_status
code_statements_number(struct code_statements *s, struct assay_error *err)
{
	CLEANUP(free_sorted) struct code_place **sorted = calloc(s->count + 1, sizeof(struct code_place *));
	if (sorted == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for %zu statements", s->count);
	for (size_t i = 0; i < s->count; i++)
		sorted[i] = &s->items[i];
	qsort(sorted, s->count, sizeof(struct code_place *), by_window);
	for (size_t i = 1; i < s->count; i++) {
		const struct code_place *before = sorted[i - 1];
		const bool equal = strcmp(before->symbol, sorted[i]->symbol) == 0
		    && memcmp(before->window, sorted[i]->window, sizeof before->window) == 0;
		sorted[i]->occurrence = equal ? before->occurrence + 1 : 0;
	}
	return ASSAY_OK;
}

static struct assay_span
spelling(const struct code_tokens *t, const struct code_token *token, struct arena *arena)
{
	if ((token->flags & CODE_SPLICED) == 0)
		return code_raw(t, token);
	char *text = arena_alloc(arena, (size_t)token->len + 1);
	if (text == NULL)
		return (struct assay_span){ NULL, 0 };
	return (struct assay_span){ (const unsigned char *)text, code_spelling(t, token, text, (size_t)token->len + 1) };
}

static void
put(const struct code_tokens *t, const struct code_token *token, bool directive, struct arena *arena,
    struct code_identity_token *ret_token)
{
	*ret_token = (struct code_identity_token){ .text = spelling(t, token, arena), .line = token->line,
		.column = code_column(t, token), .directive = directive };
}

/* The '#', the name and what follows, as tokens of their own. */
static size_t
put_directive(const struct code_tokens *t, const struct code_directive *d, struct arena *arena, struct code_identity_token *out)
{
	struct code_token hash = { .at = d->at, .len = 1, .line = d->line, .kind = CODE_PUNCT };
	size_t count = 0;
	put(t, &hash, true, arena, &out[count++]);
	out[0].first = true;
	if (d->name.kind == CODE_END)
		return count;
	put(t, &d->name, true, arena, &out[count++]);
	for (uint32_t i = 0; i < d->count; i++)
		put(t, &t->words[d->first + i], true, arena, &out[count++]);
	return count;
}

/* Code and preprocessor lines in the order of the file. */
static enum assay_status
join_tokens(const struct code_tokens *t, struct arena *arena, const struct code_identity_token **ret_tokens, size_t *ret_count,
    struct assay_error *err)
{
	const size_t most = (size_t)t->count + t->word_count + 2 * (size_t)t->directive_count;
	struct code_identity_token *out = arena_array(arena, most + 1, sizeof *out);
	size_t count = 0;
	uint32_t d = 0;
	if (out == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i <= t->count; i++) {
		for (; d < t->directive_count && t->directives[d].before <= i; d++)
			count += put_directive(t, &t->directives[d], arena, &out[count]);
		if (i < t->count)
			put(t, &t->tokens[i], false, arena, &out[count++]);
	}
	for (size_t i = 0; i < count; i++) {
		if (out[i].text.data == NULL)
			return arena_full(err);
	}
	*ret_tokens = out;
	*ret_count = count;
	return ASSAY_OK;
}

/* What isn't released, and the like, shows where control leaves; engines differ in where they say so. */
static bool
leaves(const struct code_identity_token *first)
{
	static const char *const words[] = { "return", "goto", "break", "continue", "throw", "co_return", "}" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (token_is(first, words[i]))
			return true;
	}
	return false;
}

static void
splitter_done(struct splitter *s)
{
	free(s->found);
}

enum assay_status
code_statements_of(const struct code_tokens *t, struct arena *arena, struct code_statements *ret_statements, struct assay_error *err)
{
	CLEANUP(splitter_done) struct splitter s = { .arena = arena };
	TRY(join_tokens(t, arena, &s.tokens, &s.count, err));
	TRY(splitter_run(&s, err));
	struct code_statements found = { arena_array(arena, s.found_count + 1, sizeof *found.items), s.found_count };
	if (found.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s.found_count; i++) {
		const struct statement *st = &s.found[i];
		const struct code_identity_token *first = &s.tokens[st->first], *last = &s.tokens[st->end - 1];
		found.items[i] = (struct code_place){ .symbol = st->symbol, .line = first->line, .column = first->column,
			.last_line = last->line, .leaves = leaves(first) };
		TRY(digest_window(&s, st, &found.items[i], err));
	}
	TRY(code_statements_number(&found, err));
	*ret_statements = found;
	return ASSAY_OK;
}

/* ---- places ---- */

/* The first statement that begins behind a place; count when none does. */
static size_t
first_behind(const struct code_statements *s, unsigned line, unsigned column)
{
	size_t low = 0, high = s->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct code_place *p = &s->items[middle];
		if (p->line > line || (p->line == line && p->column > column))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct code_place *
code_place_at(const struct code_statements *s, unsigned line, unsigned column)
{
	if (s->count == 0 || s->items == NULL)
		return NULL;
	const size_t behind = first_behind(s, line, column);
	const struct code_place *here = behind == 0 ? NULL : &s->items[behind - 1];
	const bool within = here != NULL && (here->line == line ? column != 0 : here->last_line >= line);
	/* Before the first statement of its line, or in a comment there: that statement is meant. */
	const bool follows = behind < s->count && s->items[behind].line == line;
	if (follows && (!within || (column == 0 && here->last_line <= line)))
		return &s->items[behind];
	return here != NULL ? here : &s->items[0];
}

const char *
code_excerpt(struct assay_span text, unsigned line, struct arena *arena)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((2 * CODE_EXCERPT_LINES + 1) * (CODE_EXCERPT_WIDTH + 1) + 1);
	const unsigned from = line > CODE_EXCERPT_LINES ? line - CODE_EXCERPT_LINES : 1;
	unsigned at = 1;
	for (size_t i = 0; i < text.len && at <= line + CODE_EXCERPT_LINES; at++) {
		const unsigned char *end = memchr(text.data + i, '\n', text.len - i);
		const size_t len = (end == NULL ? text.len : (size_t)(end - text.data)) - i;
		if (at >= from) {
			buf_add(&out, text.data + i, len < CODE_EXCERPT_WIDTH ? len : CODE_EXCERPT_WIDTH);
			buf_add_byte(&out, '\n');
		}
		i += len + 1;
	}
	return at <= line || line == 0 ? "" : arena_copy(arena, buf_span(&out));
}
