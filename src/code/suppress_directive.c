/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: pragmas, as lines and as operators, also such as a macro makes; and code that asks whether it is being analysed.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define EVENTS_MAX 100000u
#define DEPTH_MAX 1000
/* Of a pragma, its text. */
#define PRAGMA_TOKENS_MAX 256u

/* ---- what a pragma says ---- */

enum pragma_act { ACT_IGNORE, ACT_PUSH, ACT_POP, ACT_FILE, ACT_NEXT, ACT_RESTORE };

/* In words as they stand with one blank between two tokens. A list follows: names in quotes, or all words. */
static const struct pragma_row {
	const char *words, *engine;
	enum pragma_act act;
} rows[] = {
	{ "GCC diagnostic ignored", "gcc", ACT_IGNORE },
	{ "GCC diagnostic push", "gcc", ACT_PUSH },
	{ "GCC diagnostic pop", "gcc", ACT_POP },
	{ "GCC diagnostic warning", "gcc", ACT_RESTORE },
	{ "GCC diagnostic error", "gcc", ACT_RESTORE },
	{ "GCC system_header", "gcc", ACT_FILE },
	{ "clang diagnostic ignored", "clang", ACT_IGNORE },
	{ "clang diagnostic push", "clang", ACT_PUSH },
	{ "clang diagnostic pop", "clang", ACT_POP },
	{ "clang diagnostic warning", "clang", ACT_RESTORE },
	{ "clang diagnostic error", "clang", ACT_RESTORE },
	{ "clang system_header", "clang", ACT_FILE },
	{ "warning ( disable :", "msvc", ACT_IGNORE },
	{ "warning ( suppress :", "msvc", ACT_NEXT },
	{ "warning ( push", "msvc", ACT_PUSH },
	{ "warning ( pop", "msvc", ACT_POP },
	{ "warning ( default :", "msvc", ACT_RESTORE },
	{ "warning disable", "intel", ACT_IGNORE },
	{ "warning push", "intel", ACT_PUSH },
	{ "warning pop", "intel", ACT_POP },
	{ "diag_suppress", "vendor-compiler", ACT_IGNORE },
	{ "nv_diag_suppress", "vendor-compiler", ACT_IGNORE },
	{ "diag_push", "vendor-compiler", ACT_PUSH },
	{ "diag_pop", "vendor-compiler", ACT_POP },
	{ "diag_default", "vendor-compiler", ACT_RESTORE },
	{ "diag_warning", "vendor-compiler", ACT_RESTORE },
	{ "diag_error", "vendor-compiler", ACT_RESTORE },
	{ "ghs nowarning", "vendor-compiler", ACT_IGNORE },
	{ "ghs endnowarning", "vendor-compiler", ACT_RESTORE },
	{ "CHECK_MISRA ( \"-", "vendor-compiler", ACT_IGNORE },
	{ "RESET_MISRA", "vendor-compiler", ACT_RESTORE },
	{ "cstat_disable", "c-stat", ACT_IGNORE },
	{ "cstat_suppress", "c-stat", ACT_NEXT },
	{ "cstat_restore", "c-stat", ACT_RESTORE },
	{ "PRQA_MESSAGES_OFF", "helix-qac", ACT_IGNORE },
	{ "PRQA_MESSAGES_ON", "helix-qac", ACT_RESTORE },
	{ "pvs ( disable :", "pvs-studio", ACT_IGNORE },
	{ "pvs ( push", "pvs-studio", ACT_PUSH },
	{ "pvs ( pop", "pvs-studio", ACT_POP },
	{ "pvs ( enable :", "pvs-studio", ACT_RESTORE },
	{ "coverity compliance end", "coverity", ACT_RESTORE },
	{ "coverity compliance", "coverity", ACT_IGNORE },
};

static const struct pragma_row *
row_of(const char *text)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const size_t n = strlen(rows[i].words);
		/* A word ends where the row's does. */
		if (strncmp(text, rows[i].words, n) == 0 && (text[n] == '\0' || text[n] == ' ' || rows[i].words[n - 1] == '-'))
			return &rows[i];
	}
	return NULL;
}

/* ---- where pragmas stand ---- */

struct event {
	const struct pragma_row *row;
	const char *text;
	uint32_t at, len, line;
	bool in_macro, spliced;
};

struct events {
	struct suppress_work *w;
	struct event *items; /* own memory */
	size_t count, room;
};

static void
events_done(struct events *e)
{
	free(e->items);
}

static enum assay_status
add_event(struct events *e, const char *text, const struct code_token *first, uint32_t end, bool in_macro)
{
	const struct pragma_row *row = text == NULL ? NULL : row_of(text);
	if (text == NULL)
		return arena_full(e->w->err);
	if (row == NULL)
		return ASSAY_OK;
	if (e->count == EVENTS_MAX)
		return assay_fail(e->w->err, ASSAY_E_LIMIT, "more than %u pragmas", EVENTS_MAX);
	if (e->count == e->room) {
		e->room = e->room == 0 ? 16 : 2 * e->room;
		struct event *more = reallocarray(e->items, e->room, sizeof *more);
		if (more == NULL)
			return assay_fail(e->w->err, ASSAY_E_MEMORY, "no memory for the list of pragmas");
		e->items = more;
	}
	e->items[e->count++] = (struct event){ row, text, first->at, end - first->at, first->line, in_macro,
		(first->flags & CODE_SPLICED) != 0 };
	return ASSAY_OK;
}

/* Tokens with a blank between two. */
static const char *
join(struct suppress_work *w, const struct code_token *tokens, uint32_t count)
{
	size_t room = 1, len = 0;
	count = count > PRAGMA_TOKENS_MAX ? PRAGMA_TOKENS_MAX : count;
	for (uint32_t i = 0; i < count; i++)
		room += (size_t)tokens[i].len + 1;
	char *text = arena_alloc(w->scratch, room);
	for (uint32_t i = 0; i < count && text != NULL; i++) {
		if (i > 0)
			text[len++] = ' ';
		len += code_spelling(w->t, &tokens[i], text + len, (size_t)tokens[i].len + 1);
	}
	return text;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One character as the pragma's reader has it: brackets and colons with blanks around them, and never two blanks. */
static char *
put_apart(char *to, const char *begin, char c)
{
	const bool sign = strchr("(:)", c) != NULL;
	if ((sign || is_blank(c)) && to > begin && to[-1] != ' ')
		*to++ = ' ';
	if (!is_blank(c))
		*to++ = c;
	if (sign)
		*to++ = ' ';
	return to;
}

/* The text that a string hands to a pragma. */
static const char *
destringize(struct suppress_work *w, const struct code_token *token)
{
	const bool raw = (token->flags & CODE_RAW) != 0;
	const char *text = suppress_text(w, token);
	/* A sign takes a blank before it and one behind it, unless the one before is there. */
	char *to = text == NULL ? NULL : arena_alloc(w->scratch, 3 * strlen(text) + 1), *const begin = to;
	if (to == NULL)
		return NULL;
	const char *p = strchr(text, raw ? '(' : '"');
	for (p = p == NULL ? "" : p + 1; *p != '\0' && (raw || *p != '"'); p++) {
		p += !raw && *p == '\\' && p[1] != '\0';
		to = put_apart(to, begin, *p);
	}
	*to = '\0';
	return begin;
}

static bool
is_open(const struct code_token *t)
{
	return code_punct(t, '(');
}

/* _Pragma("..."), and whatever else takes a string that reads as a pragma, for a macro may hand it on. */
static enum assay_status
look_at_string(struct events *e, const struct code_token *tokens, uint32_t count, uint32_t i, bool in_macro)
{
	if (i + 2 >= count || !is_open(&tokens[i + 1]) || tokens[i + 2].kind != CODE_STRING)
		return ASSAY_OK;
	const struct code_token *last = i + 3 < count ? &tokens[i + 3] : &tokens[i + 2];
	return add_event(e, destringize(e->w, &tokens[i + 2]), &tokens[i], last->at + last->len, in_macro);
}

/* __pragma(...), and GCC diagnostic ... as an argument of a macro. */
static enum assay_status
look_at_words(struct events *e, const struct code_token *tokens, uint32_t count, uint32_t i, bool in_macro)
{
	const struct code_tokens *t = e->w->t;
	const uint32_t left = count - i;
	if (code_is(t, &tokens[i], "__pragma") && left > 2 && is_open(&tokens[i + 1])) {
		uint32_t n = 0;
		for (uint32_t depth = 1; 2 + n < left && depth > 0; n++)
			depth += is_open(&tokens[i + 2 + n]) ? 1u : code_punct(&tokens[i + 2 + n], ')') ? -1u : 0u;
		const struct code_token *last = &tokens[i + 1 + n];
		return n == 0 ? ASSAY_OK : add_event(e, join(e->w, &tokens[i + 2], n - 1), &tokens[i], last->at + last->len, in_macro);
	}
	if (left < 3 || (!code_is(t, &tokens[i], "GCC") && !code_is(t, &tokens[i], "clang")) || tokens[i + 1].kind != CODE_IDENTIFIER)
		return ASSAY_OK;
	const uint32_t n = left < 4 ? left : 4;
	const struct code_token *last = &tokens[i + n - 1];
	return add_event(e, join(e->w, &tokens[i], n), &tokens[i], last->at + last->len, in_macro);
}

static enum assay_status
look_at_tokens(struct events *e, const struct code_token *tokens, uint32_t count, bool in_macro)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tokens[i].kind != CODE_IDENTIFIER)
			continue;
		TRY(look_at_string(e, tokens, count, i, in_macro));
		TRY(look_at_words(e, tokens, count, i, in_macro));
	}
	return ASSAY_OK;
}

static int
compare_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return x->at == y->at ? 0 : x->at < y->at ? -1 : 1;
}

static enum assay_status
gather(struct events *e)
{
	const struct code_tokens *t = e->w->t;
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		const struct code_token first = { .at = d->at, .len = d->len, .line = d->line };
		if (d->kind == CODE_D_PRAGMA)
			TRY(add_event(e, join(e->w, &t->words[d->first], d->count), &first, d->at + d->len, false));
		else if (d->kind == CODE_D_DEFINE)
			TRY(look_at_tokens(e, &t->words[d->first], d->count, true));
	}
	TRY(look_at_tokens(e, t->tokens, t->count, false));
	if (e->count > 0)
		qsort(e->items, e->count, sizeof e->items[0], compare_events);
	return ASSAY_OK;
}

/* ---- what they come to ---- */

struct pushed {
	const char *engine;
	size_t first; /* of the suppressions that a pop ends */
};

struct stack {
	struct pushed items[DEPTH_MAX];
	size_t depth;
};

static void
end_those(struct suppress_work *w, const char *engine, size_t first, uint32_t line, const struct suppression *like)
{
	for (size_t i = first; i < w->count; i++) {
		struct suppression *one = &w->items[i];
		bool same = like == NULL || like->check_count == 0;
		for (size_t k = 0; like != NULL && k < like->check_count; k++)
			same |= one->check_count == 1 && strcmp(one->checks[0], like->checks[k]) == 0;
		if (!one->open || strcmp(one->engine, engine) != 0 || !same)
			continue;
		one->open = false;
		one->last = line;
	}
}

static enum assay_status
add_ignored(struct suppress_work *w, const struct event *ev, struct suppression *one)
{
	one->form = SUPPRESS_PRAGMA;
	one->mark = ev->row->words;
	one->first = one->last = ev->line;
	one->in_macro = ev->in_macro;
	one->reach = ev->row->act == ACT_FILE ? SUPPRESS_FILE : ev->row->act == ACT_NEXT ? SUPPRESS_LINE : SUPPRESS_REGION;
	one->open = ev->row->act == ACT_IGNORE;
	if (ev->row->act == ACT_FILE)
		one->first = 1;
	if (ev->row->act == ACT_NEXT)
		one->first = one->last = suppress_next_code(w, ev->line);
	return suppress_add(w, one);
}

/* Numbers and names up to a bracket or semicolon, each a check; in quotes what stands in them. */
static enum assay_status
read_checks(struct suppress_work *w, const struct event *ev, struct suppression *one)
{
	const char *rest = ev->text + strlen(ev->row->words);
	char *text = arena_str(w->scratch, rest);
	if (text == NULL)
		return arena_full(w->err);
	text[strcspn(text, ");")] = '\0';
	for (char *p = text; *p != '\0'; p++) {
		const bool between = *p == ' ' && p > text && p[1] != '\0' && strchr(" ,=:", p[-1]) == NULL && strchr(" ,=:", p[1]) == NULL;
		if (strchr("\"=:", *p) != NULL)
			*p = ' ';
		else if (between)
			*p = ',';
	}
	return suppress_names(w, text, 0, LIST_REST, one);
}

static enum assay_status
settle_event(struct suppress_work *w, const struct event *ev, struct stack *s)
{
	const struct code_token place = { .at = ev->at, .line = ev->line };
	struct suppression one = { .line = ev->line, .column = code_column(w->t, &place), .at = ev->at, .len = ev->len,
		.engine = ev->row->engine, .spliced = ev->spliced };
	switch (ev->row->act) {
	case ACT_PUSH:
		if (s->depth == DEPTH_MAX)
			return assay_fail(w->err, ASSAY_E_LIMIT, "more than %d pragmas in one another", DEPTH_MAX);
		s->items[s->depth++] = (struct pushed){ ev->row->engine, w->count };
		return ASSAY_OK;
	case ACT_POP:
		for (size_t i = s->depth; i > 0; i--) {
			if (strcmp(s->items[i - 1].engine, ev->row->engine) != 0)
				continue;
			end_those(w, ev->row->engine, s->items[i - 1].first, ev->line, NULL);
			memmove(&s->items[i - 1], &s->items[i], (s->depth - i) * sizeof s->items[0]);
			s->depth--;
			break;
		}
		return ASSAY_OK;
	case ACT_RESTORE:
		TRY(read_checks(w, ev, &one));
		end_those(w, ev->row->engine, w->begin, ev->line, &one);
		return ASSAY_OK;
	case ACT_IGNORE:
	case ACT_FILE:
	case ACT_NEXT:
		TRY(read_checks(w, ev, &one));
		return add_ignored(w, ev, &one);
	}
	return ASSAY_OK;
}

/* ---- code for an analyser ---- */

static const char *const analysers[] = { "__clang_analyzer__", "__cppcheck__", "CPPCHECK", "__CPPCHECK__", "__COVERITY__",
	"__COVERITY_GCC_VERSION_AT_LEAST", "PVS_STUDIO", "S_SPLINT_S", "__KLOCWORK__", "lint", "_lint", "__lint__", "__lint", "PC_LINT",
	"__POLYSPACE__", "POLYSPACE", "__PARASOFT__", "PARASOFT_CPPTEST", "__PRQA__", "QAC", "_PREFAST_", "CODE_ANALYSIS", "__FRAMAC__",
	"__CHECKER__", "__CSTAT__", "__LDRA__", "LDRA_STATIC", "__INFER__", "__SONAR__", "__CODEQL__", "__SEMMLE__", "__ECLAIR__",
	"AXIVION", "__AXIVION__", "__ASTREE__" };

static const char *
analyser_in(const struct code_tokens *t, const struct code_directive *d)
{
	for (uint32_t i = 0; i < d->count; i++) {
		const struct code_token *word = &t->words[d->first + i];
		for (size_t k = 0; k < COUNT(analysers) && word->kind == CODE_IDENTIFIER; k++) {
			if (code_is(t, word, analysers[k]))
				return analysers[k];
		}
	}
	return NULL;
}

static bool
opens(uint8_t kind)
{
	return kind == CODE_D_IF || kind == CODE_D_IFDEF || kind == CODE_D_IFNDEF;
}

static bool
asks(uint8_t kind)
{
	return opens(kind) || kind == CODE_D_ELIF || kind == CODE_D_ELIFDEF || kind == CODE_D_ELIFNDEF;
}

/* The line of the #endif that ends the conditional of a directive; the file's last when nothing does. */
static unsigned
end_of(const struct suppress_work *w, uint32_t from)
{
	const struct code_tokens *t = w->t;
	size_t depth = 1;
	for (uint32_t i = from + 1; i < t->directive_count; i++) {
		depth += opens(t->directives[i].kind);
		depth -= t->directives[i].kind == CODE_D_ENDIF;
		if (depth == 0)
			return t->directives[i].line;
	}
	return w->line_count;
}

static enum assay_status
look_for_questions(struct suppress_work *w)
{
	const struct code_tokens *t = w->t;
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		const char *name = asks(d->kind) ? analyser_in(t, d) : NULL;
		const struct code_token place = { .at = d->at, .line = d->line };
		if (name == NULL)
			continue;
		const char **check = arena_array(w->arena, 1, sizeof *check);
		if (check == NULL)
			return arena_full(w->err);
		check[0] = name;
		const struct suppression one = { .line = d->line, .column = code_column(t, &place), .at = d->at, .len = 0, .engine = "analysers",
			.mark = name, .form = SUPPRESS_DETECTS, .reach = SUPPRESS_REGION, .first = d->line, .last = end_of(w, i), .checks = check,
			.check_count = 1 };
		TRY(suppress_add(w, &one));
	}
	return ASSAY_OK;
}

enum assay_status
suppress_directives(struct suppress_work *w)
{
	CLEANUP(events_done) struct events e = { .w = w };
	struct stack *s = arena_alloc(w->scratch, sizeof *s);
	if (s == NULL)
		return arena_full(w->err);
	TRY(gather(&e));
	for (size_t i = 0; i < e.count; i++)
		TRY(settle_event(w, &e.items[i], s));
	return look_for_questions(w);
}
