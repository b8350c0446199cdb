/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: attributes that take a function or statement out of an analysis; and where functions begin and end.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SPANS_MAX 200000u
#define NAME_LEN_MAX 200
#define LOOK_BACK 32

/* ---- functions ---- */

struct walk {
	const struct code_tokens *t;
	struct arena *arena;
	struct suppress_span *spans; /* own memory, grows */
	size_t count, room;
	uint32_t start;              /* first token of what is being declared */
	struct assay_error *err;
};

static void
walk_done(struct walk *x)
{
	free(x->spans);
}

/* Index of the bracket that closes the one at i; the last token when none does. */
static uint32_t
closing(const struct code_tokens *t, uint32_t i, unsigned open, unsigned close)
{
	size_t depth = 0;
	for (; i < t->count; i++) {
		depth += code_punct(&t->tokens[i], open);
		depth -= code_punct(&t->tokens[i], close) && depth > 0;
		if (depth == 0)
			return i;
	}
	return t->count - 1;
}

/* The name of a declaration whose block begins at end: what precedes the first bracket that no attribute owns. NULL: none. */
static const struct code_token *
name_of(const struct code_tokens *t, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i + 1 < end; i++) {
		const struct code_token *token = &t->tokens[i];
		if (code_keyword(token, CODE_KW_ATTRIBUTE) || code_keyword(token, CODE_KW_DECLSPEC) || code_keyword(token, CODE_KW_ALIGNAS)
		    || code_keyword(token, CODE_KW_DECLTYPE) || code_keyword(token, CODE_KW_TYPEOF)) {
			i = closing(t, i + 1, '(', ')');
			continue;
		}
		if (token->kind == CODE_IDENTIFIER && token->what == CODE_KW_NONE && code_punct(&t->tokens[i + 1], '('))
			return token;
	}
	return NULL;
}

/* A block that holds declarations: of a namespace, of a class, of extern "C". */
static bool
is_transparent(const struct code_tokens *t, uint32_t first, uint32_t open)
{
	bool bracket = false, held = false;
	for (uint32_t i = first; i < open; i++) {
		const struct code_token *token = &t->tokens[i];
		bracket |= code_punct(token, '(');
		held |= code_keyword(token, CODE_KW_CLASS) || code_keyword(token, CODE_KW_STRUCT)
		    || (code_keyword(token, CODE_KW_EXTERN) && i + 2 == open && t->tokens[i + 1].kind == CODE_STRING);
		if (code_punct(token, '='))
			return false;
		/* Whatever macros stand around its name. */
		if (code_keyword(token, CODE_KW_NAMESPACE))
			return true;
	}
	return held && !bracket;
}

static enum assay_status
add_span(struct walk *x, uint32_t open, uint32_t close)
{
	char name[NAME_LEN_MAX];
	const struct code_token *token = name_of(x->t, x->start, open);
	if (token == NULL || x->count == SPANS_MAX)
		return ASSAY_OK;
	if (x->count == x->room) {
		x->room = x->room == 0 ? 64 : 2 * x->room;
		struct suppress_span *more = reallocarray(x->spans, x->room, sizeof *more);
		if (more == NULL)
			return assay_fail(x->err, ASSAY_E_MEMORY, "no memory for the list of functions");
		x->spans = more;
	}
	(void)code_spelling(x->t, token, name, sizeof name);
	const char *kept = arena_str(x->arena, name);
	x->spans[x->count++] = (struct suppress_span){ kept, x->t->tokens[x->start].line, x->t->tokens[close].line };
	return kept == NULL ? arena_full(x->err) : ASSAY_OK;
}

static enum assay_status
walk(struct walk *x)
{
	for (uint32_t i = 0; i < x->t->count; i++) {
		const struct code_token *token = &x->t->tokens[i];
		if (code_punct(token, ';') || code_punct(token, '}') || code_punct(token, ':')) {
			/* "public:" begins anew, the ':' of what a constructor sets up doesn't. */
			if (!code_punct(token, ':') || i == x->start + 1)
				x->start = i + 1;
			continue;
		}
		if (!code_punct(token, '{'))
			continue;
		if (is_transparent(x->t, x->start, i)) {
			x->start = i + 1;
			continue;
		}
		const uint32_t close = closing(x->t, i, '{', '}');
		TRY(add_span(x, i, close));
		i = close;
		x->start = close + 1;
	}
	return ASSAY_OK;
}

enum assay_status
suppress_spans(const struct code_tokens *t, struct arena *arena, struct suppress_span **ret_spans, size_t *ret_count,
    struct assay_error *err)
{
	CLEANUP(walk_done) struct walk x = { .t = t, .arena = arena, .err = err };
	TRY(walk(&x));
	struct suppress_span *spans = arena_array(arena, x.count + 1, sizeof *spans);
	if (spans == NULL)
		return arena_full(err);
	if (x.count > 0)
		memcpy(spans, x.spans, x.count * sizeof *spans);
	*ret_spans = spans;
	*ret_count = x.count;
	return ASSAY_OK;
}

/* ---- attributes ---- */

static const struct {
	const char *name, *engine, *scope; /* scope: "clang" of [[clang::suppress]]; NULL: within any attribute */
} attributes[] = {
	{ "no_sanitize", "sanitizers", NULL },
	{ "__no_sanitize__", "sanitizers", NULL },
	{ "no_sanitize_address", "sanitizers", NULL },
	{ "__no_sanitize_address__", "sanitizers", NULL },
	{ "no_address_safety_analysis", "sanitizers", NULL },
	{ "no_sanitize_thread", "sanitizers", NULL },
	{ "no_sanitize_memory", "sanitizers", NULL },
	{ "no_sanitize_undefined", "sanitizers", NULL },
	{ "disable_sanitizer_instrumentation", "sanitizers", NULL },
	{ "no_thread_safety_analysis", "clang", NULL },
	{ "analyzer_noreturn", "clang", NULL },
	{ "__analyzer_noreturn__", "clang", NULL },
	{ "suppress", "clang", "clang" },
	{ "suppress", "cpp-core-check", "gsl" },
};

/* Looks back from a token to what opens an attribute: __attribute__, __declspec or "[[". */
static bool
opened_before(const struct code_token *tokens, uint32_t i)
{
	for (uint32_t back = 1; back < LOOK_BACK && back <= i; back++) {
		const struct code_token *token = &tokens[i - back];
		if (code_keyword(token, CODE_KW_ATTRIBUTE) || code_keyword(token, CODE_KW_DECLSPEC))
			return true;
		if (code_punct(token, ';') || code_punct(token, '{') || code_punct(token, '}'))
			return false;
		if (code_punct(token, '[') && back < i && code_punct(&tokens[i - back - 1], '['))
			return true;
	}
	return false;
}

static bool
in_attribute(const struct code_tokens *t, const struct code_token *tokens, uint32_t i, const char *scope)
{
	const struct code_token *before = i > 0 ? &tokens[i - 1] : NULL;
	if (before == NULL)
		return false;
	if (code_punct(before, CODE_P_SCOPE))
		return i > 1 && (scope != NULL ? code_is(t, &tokens[i - 2], scope) : tokens[i - 2].kind == CODE_IDENTIFIER);
	/* __attribute__((suppress)) is clang's as well. */
	if (scope != NULL && strcmp(scope, "clang") != 0)
		return false;
	const bool listed = code_punct(before, '(') || code_punct(before, ',') || (code_punct(before, '[') && scope == NULL);
	return listed && opened_before(tokens, i);
}

static enum assay_status
add_attribute(struct suppress_work *w, const struct code_token *tokens, uint32_t count, uint32_t i, size_t row, bool in_macro)
{
	const struct code_token *token = &tokens[i];
	struct suppression one = { .line = token->line, .column = code_column(w->t, token), .at = token->at, .len = 0,
		.engine = attributes[row].engine, .mark = attributes[row].name, .form = SUPPRESS_ATTRIBUTE, .reach = SUPPRESS_FUNCTION,
		.first = token->line, .last = token->line, .in_macro = in_macro, .spliced = (token->flags & CODE_SPLICED) != 0 };
	for (uint32_t k = i + 1; k + 1 < count && k < i + 2 && code_punct(&tokens[k], '('); k++) {
		const uint32_t end = k + 16 < count ? k + 16 : count;
		char *text = suppress_text(w, &(struct code_token){ .at = tokens[k].at, .len = tokens[end - 1].at + tokens[end - 1].len - tokens[k].at });
		if (text == NULL)
			return arena_full(w->err);
		TRY(suppress_names(w, text, 0, LIST_QUOTED, &one));
	}
	for (size_t k = 0; k < w->span_count && !in_macro; k++) {
		if (w->spans[k].first <= token->line && token->line <= w->spans[k].last) {
			one.first = w->spans[k].first;
			one.last = w->spans[k].last;
		}
	}
	return suppress_add(w, &one);
}

static enum assay_status
look(struct suppress_work *w, const struct code_token *tokens, uint32_t count, bool in_macro)
{
	for (uint32_t i = 0; i < count; i++) {
		for (size_t k = 0; k < COUNT(attributes) && tokens[i].kind == CODE_IDENTIFIER; k++) {
			if (!code_is(w->t, &tokens[i], attributes[k].name) || !in_attribute(w->t, tokens, i, attributes[k].scope))
				continue;
			TRY(add_attribute(w, tokens, count, i, k, in_macro));
			break;
		}
	}
	return ASSAY_OK;
}

enum assay_status
suppress_attributes(struct suppress_work *w)
{
	const struct code_tokens *t = w->t;
	TRY(look(w, t->tokens, t->count, false));
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		if (d->kind == CODE_D_DEFINE || d->kind == CODE_D_PRAGMA)
			TRY(look(w, &t->words[d->first], d->count, true));
	}
	return ASSAY_OK;
}
