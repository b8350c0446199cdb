/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: every suppression of a tree, found in the files themselves.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <code/identity.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64
/* Tokens of one file, and what stands in them. */
#define SCRATCH_MAX ((size_t)1 << 30)

const char *
suppress_form_name(enum suppress_form form)
{
	static const char *const names[] = { [SUPPRESS_COMMENT] = "comment", [SUPPRESS_STRING] = "string", [SUPPRESS_PRAGMA] = "pragma",
		[SUPPRESS_ATTRIBUTE] = "attribute", [SUPPRESS_DETECTS] = "detects", [SUPPRESS_OPTION] = "option" };
	return (size_t)form < sizeof names / sizeof names[0] ? names[form] : "unknown";
}

const char *
suppress_reach_name(enum suppress_reach reach)
{
	static const char *const names[] = { [SUPPRESS_LINE] = "line", [SUPPRESS_FUNCTION] = "function", [SUPPRESS_REGION] = "region",
		[SUPPRESS_FILE] = "file", [SUPPRESS_TREE] = "tree" };
	return (size_t)reach < sizeof names / sizeof names[0] ? names[reach] : "unknown";
}

/* ---- lines ---- */

/* Index of the first token that begins on this line or later. */
static uint32_t
token_from_line(const struct code_tokens *t, unsigned line)
{
	uint32_t low = 0, high = t->count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (t->tokens[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
suppress_code_on(const struct suppress_work *w, unsigned line)
{
	const uint32_t i = w->t == NULL ? 0 : token_from_line(w->t, line);
	return w->t != NULL && i < w->t->count && w->t->tokens[i].line == line;
}

unsigned
suppress_next_code(const struct suppress_work *w, unsigned line)
{
	if (w->t == NULL)
		return line + 1;
	const uint32_t i = token_from_line(w->t, line + 1);
	return i < w->t->count ? w->t->tokens[i].line : line;
}

char *
suppress_text(const struct suppress_work *w, const struct code_token *token)
{
	char *text = arena_alloc(w->scratch, (size_t)token->len + 1);
	const size_t len = text == NULL ? 0 : code_spelling(w->t, token, text, (size_t)token->len + 1);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	return text;
}

/* ---- adding ---- */

static enum assay_status
place_in_functions(const struct suppress_work *w, struct suppression *one)
{
	for (size_t i = 0; i < w->span_count; i++) {
		const struct suppress_span *s = &w->spans[i];
		if (s->last < one->first || s->first > one->last)
			continue;
		one->several = one->symbol != NULL;
		one->symbol = s->name;
		/* What begins before a function, or ends behind it, isn't all in it. */
		if (s->first > one->first || s->last < one->last)
			one->several = true;
		if (one->several)
			break;
	}
	if (one->several)
		one->symbol = NULL;
	if (one->symbol == NULL)
		return ASSAY_OK;
	one->symbol = arena_str(w->arena, one->symbol);
	return one->symbol == NULL ? arena_full(w->err) : ASSAY_OK;
}

enum assay_status
suppress_add(struct suppress_work *w, const struct suppression *one)
{
	if (w->count == SUPPRESS_MAX) {
		w->overflow = true;
		return ASSAY_OK;
	}
	if (w->count == w->room) {
		w->room = w->room == 0 ? FIRST_ROOM : 2 * w->room;
		struct suppression *more = reallocarray(w->items, w->room, sizeof *more);
		if (more == NULL)
			return assay_fail(w->err, ASSAY_E_MEMORY, "no memory for the list of suppressions");
		w->items = more;
	}
	w->items[w->count] = *one;
	w->items[w->count++].path = w->path;
	return ASSAY_OK;
}

static bool
same_names(const struct suppression *a, const struct suppression *b)
{
	bool same = a->check_count == b->check_count;
	for (size_t i = 0; i < a->check_count && same; i++)
		same = strcmp(a->checks[i], b->checks[i]) == 0;
	return same;
}

void
suppress_end(struct suppress_work *w, const char *engine, const struct suppression *like, unsigned line)
{
	for (size_t i = w->count; i > w->begin; i--) {
		struct suppression *one = &w->items[i - 1];
		if (one->open && strcmp(one->engine, engine) == 0 && (like == NULL || same_names(one, like))) {
			one->open = false;
			one->last = line;
			return;
		}
	}
}

/* ---- one file ---- */

static int
compare_places(const void *a, const void *b)
{
	const struct suppression *x = a, *y = b;
	return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->mark, y->mark);
}

/* Functions by the names that findings have: "Pump::start". */
static enum assay_status
name_functions(struct suppress_work *w)
{
	struct code_statements s = { 0 };
	size_t at = 0;
	if (w->t == NULL || w->count == w->begin || w->span_count == 0)
		return ASSAY_OK;
	TRY(code_statements_of(w->t, w->scratch, &s, w->err));
	for (size_t i = 0; i < w->span_count; i++) {
		while (at < s.count && s.items[at].line < w->spans[i].first)
			at++;
		for (size_t k = at; k < s.count && s.items[k].line <= w->spans[i].last; k++) {
			if (s.items[k].symbol[0] == '\0')
				continue;
			w->spans[i].name = s.items[k].symbol;
			break;
		}
	}
	return ASSAY_OK;
}

/* What nothing ended reaches to the end of the file. */
static enum assay_status
settle(struct suppress_work *w)
{
	TRY(name_functions(w));
	for (size_t i = w->begin; i < w->count; i++) {
		struct suppression *one = &w->items[i];
		if (one->open || one->reach == SUPPRESS_FILE)
			one->last = w->line_count;
		if (one->open)
			one->reach = SUPPRESS_FILE;
		if (one->reach != SUPPRESS_TREE)
			TRY(place_in_functions(w, one));
	}
	if (w->count > w->begin)
		qsort(w->items + w->begin, w->count - w->begin, sizeof w->items[0], compare_places);
	return ASSAY_OK;
}

static enum assay_status
look_into_code(struct suppress_work *w, enum code_language language)
{
	struct code_tokens *t = arena_alloc(w->scratch, sizeof *t);
	if (t == NULL)
		return arena_full(w->err);
	TRY(code_lex(w->bytes, language, w->scratch, t, w->err));
	w->t = t;
	w->line_count = t->line_count;
	TRY(suppress_spans(t, w->scratch, &w->spans, &w->span_count, w->err));
	TRY(suppress_comments(w));
	TRY(suppress_nolint(w));
	TRY(suppress_directives(w));
	return suppress_attributes(w);
}

static enum assay_status
look_into(struct suppress_work *w, const struct source_file *f)
{
	enum code_language language;
	w->path = f->path;
	w->bytes = f->bytes;
	w->begin = w->count;
	w->t = NULL;
	w->spans = NULL;
	w->span_count = 0;
	w->line_count = 1;
	for (size_t i = 0; i < f->bytes.len; i++)
		w->line_count += f->bytes.data[i] == '\n';
	if (suppress_is_option_file(f->path))
		TRY(suppress_option_file(w));
	else if (code_language_of(f->path, &language))
		TRY(look_into_code(w, language));
	else
		TRY(suppress_other_language(w));
	return settle(w);
}

bool
suppress_concerns(const char *path)
{
	enum code_language language;
	return suppress_is_option_file(path) || code_language_of(path, &language) || suppress_is_other_language(path);
}

/* ---- a tree ---- */

static void
work_done(struct suppress_work *w)
{
	free(w->items);
}

struct gathered {
	struct suppress_unread *unread;
	size_t count;
};

/* A file that is too long to be read is named; no memory is an end. */
static enum assay_status
look_at(struct suppress_work *w, const struct source_file *f, struct gathered *g)
{
	struct assay_error why = { 0 };
	struct assay_error *const err = w->err;
	const char *words = f->why != NULL ? f->why : "its bytes are not part of the evidence";
	enum assay_status status = ASSAY_E_LIMIT;
	if (f->has_bytes) {
		const size_t before = w->count;
		CLEANUP(arena_free) struct arena *scratch = NULL;
		TRY(arena_new(SCRATCH_MAX, &scratch));
		w->err = &why;
		w->scratch = scratch;
		status = look_into(w, f);
		w->err = err;
		words = status == ASSAY_OK ? NULL : arena_str(w->arena, why.what);
		if (status != ASSAY_OK)
			w->count = before;
	}
	if (status == ASSAY_OK)
		return ASSAY_OK;
	if (status == ASSAY_E_MEMORY || words == NULL)
		return arena_full(err);
	g->unread[g->count++] = (struct suppress_unread){ f->path, words };
	return ASSAY_OK;
}

enum assay_status
suppress_find(const struct sources *s, bool (*leave_out)(void *ctx, const char *path), void *ctx, struct arena *arena,
    struct suppressions *ret_found, struct assay_error *err)
{
	CLEANUP(work_done) struct suppress_work w = { .arena = arena, .err = err };
	struct gathered g = { .unread = arena_array(arena, s->count + 1, sizeof *g.unread) };
	struct suppressions found = { 0 };
	if (g.unread == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s->count; i++) {
		const struct source_file *f = &s->files[i];
		/* A link's target stands under a name of its own, or isn't part of the tree. */
		if ((f->mode & SOURCE_FORMAT) == SOURCE_LINK || !suppress_concerns(f->path) || (leave_out != NULL && leave_out(ctx, f->path)))
			continue;
		TRY(look_at(&w, f, &g));
		found.files++;
	}
	struct suppression *items = arena_array(arena, w.count + 1, sizeof *items);
	if (items == NULL)
		return arena_full(err);
	if (w.count > 0)
		memcpy(items, w.items, w.count * sizeof *items);
	found.files -= g.count;
	found.items = items;
	found.count = w.count;
	found.unread = g.unread;
	found.unread_count = g.count;
	found.overflow = w.overflow;
	*ret_found = found;
	return ASSAY_OK;
}

/* ---- without it ---- */

/* In two parts, for in one it would silence these lines. */
#define TIDY_BEGIN "NO" "LINTBEGIN"
#define TIDY_END "NO" "LINTEND"

/* Where the mark stands that ends a region of clang-tidy's, which it doesn't take alone; the file's end when there is none. */
static size_t
end_mark_of(struct assay_span bytes, const struct suppression *one)
{
	const unsigned char *p = bytes.data, *const end = bytes.data + bytes.len;
	if (one->open || strcmp(one->mark, TIDY_BEGIN) != 0)
		return bytes.len;
	for (unsigned line = 1; line < one->last && p != NULL; line++) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? NULL : p + 1;
	}
	p = p == NULL ? NULL : memmem(p, (size_t)(end - p), TIDY_END, sizeof TIDY_END - 1);
	return p == NULL ? bytes.len : (size_t)(p - bytes.data);
}

enum assay_status
suppress_without(struct assay_span bytes, const struct suppression *one, struct buf *out, struct assay_error *err)
{
	if (one->at > bytes.len || one->len > bytes.len - one->at)
		return assay_fail(err, ASSAY_E_USAGE, "a suppression that doesn't lie in the file");
	const size_t end_mark = end_mark_of(bytes, one);
	for (size_t i = 0; i < bytes.len; i++) {
		const unsigned char c = bytes.data[i];
		const bool taken = (i >= one->at && i - one->at < one->len) || (i >= end_mark && i - end_mark < sizeof TIDY_END - 1);
		buf_add_byte(out, !taken || c == '\n' || c == '\r' || c == '\t' ? c : ' ');
	}
	return buf_status(out, "a file without a suppression", err);
}
