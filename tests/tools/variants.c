/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variants FOLDER FILE...: writes FOLDER/BASE~KIND.c for each kind of rewriting that a file allows, and a line for each that it
 * doesn't: "BASE KIND".
 */
#include "variants.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST (1u << 20)
#define OUT_MOST (8u << 20)

static const struct {
	const char *name;
	bool (*rewrite)(struct work *w);
} kinds[] = {
	{ "renamed", rename_locals },
	{ "hoisted", hoist_bodies },
	{ "macro", wrap_statements },
	{ "split", split_lines },
};

bool
is_name(const struct code_token *token)
{
	return token->kind == CODE_IDENTIFIER && token->what == CODE_KW_NONE;
}

bool
is_fault(const struct work *w, uint32_t line)
{
	return w->marked[line];
}

void
edit_add(struct work *w, uint32_t at, uint32_t cut, const char *text)
{
	if (text == NULL || w->edit_count == EDITS_MAX)
		w->full = true;
	else {
		w->edits[w->edit_count] = (struct edit) { at, cut, w->edit_count, text };
		w->edit_count++;
	}
}

static char
partner(unsigned open)
{
	return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '\0';
}

uint32_t
closing(const struct code_tokens *t, uint32_t i)
{
	const unsigned open = t->tokens[i].what;
	uint32_t depth = 0;
	for (; i < t->count; i++) {
		if (code_punct(&t->tokens[i], open))
			depth++;
		else if (code_punct(&t->tokens[i], (unsigned char)partner(open)) && --depth == 0)
			return i;
	}
	return t->count;
}

static uint32_t
opening(const struct code_tokens *t, uint32_t i)
{
	uint32_t depth = 0;
	for (;; i--) {
		if (code_punct(&t->tokens[i], ')'))
			depth++;
		else if (code_punct(&t->tokens[i], '(') && --depth == 0)
			return i;
		if (i == 0)
			return 0;
	}
}

void
find_functions(struct work *w)
{
	const struct code_tokens *t = w->t;
	uint32_t start = 0;
	for (uint32_t i = 0; i < t->count; i++) {
		if (code_punct(&t->tokens[i], ';'))
			start = i + 1;
		if (!code_punct(&t->tokens[i], '{'))
			continue;
		uint32_t end = closing(t, i);
		if (i > 0 && code_punct(&t->tokens[i - 1], ')') && end < t->count) {
			uint32_t open = opening(t, i - 1);
			if (open > start && is_name(&t->tokens[open - 1]) && w->function_count < FUNCTIONS_MAX) {
				w->functions[w->function_count++] = (struct function) { start, open - 1, open, i - 1, i, end };
				start = end + 1;
			}
		}
		i = end;
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static enum assay_status
write_variant(const struct work *w, const char *path, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MOST);
	const struct assay_span bytes = w->t->bytes;
	uint32_t at = 0;
	qsort(w->edits, w->edit_count, sizeof *w->edits, by_place);
	for (uint32_t i = 0; i < w->edit_count; i++) {
		const struct edit *e = &w->edits[i];
		buf_add(&out, bytes.data + at, e->at - at);
		buf_add_str(&out, e->text);
		at = e->at + e->cut;
	}
	buf_add(&out, bytes.data + at, bytes.len - at);
	TRY(buf_status(&out, path, err));
	return file_write_atomic(AT_FDCWD, path, buf_span(&out), 0644, err);
}

static enum assay_status
find_marks(struct work *w, struct assay_error *err)
{
	const struct assay_span bytes = w->t->bytes;
	w->marked = arena_array(w->arena, w->t->line_count + 2, sizeof *w->marked);
	w->edits = arena_array(w->arena, EDITS_MAX, sizeof *w->edits);
	if (w->marked == NULL || w->edits == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a variant");
	for (uint32_t i = 0; i < w->t->comment_count; i++) {
		const struct code_token *c = &w->t->comments[i];
		w->marked[c->line] = w->marked[c->line] || (c->len == strlen(MARK) && memcmp(bytes.data + c->at, MARK, c->len) == 0);
		w->bad = w->bad || w->marked[c->line];
	}
	return ASSAY_OK;
}

static enum assay_status
rewrite_file(const char *folder, const char *path, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(FILE_MOST);
	struct code_tokens t;
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	const int stem = (int)(strlen(base) - strlen(".c"));
	TRY(arena_new(64u << 20, &arena));
	TRY(file_read(AT_FDCWD, path, &bytes, err));
	TRY(code_lex(buf_span(&bytes), CODE_C, arena, &t, err));
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct work w = { .t = &t, .arena = arena };
		TRY(find_marks(&w, err));
		find_functions(&w);
		if (!kinds[k].rewrite(&w))
			(void)printf("%.*s %s\n", stem, base, kinds[k].name);
		else if (w.full)
			return assay_fail(err, ASSAY_E_LIMIT, "'%s' is too large to be rewritten", path);
		else
			TRY(write_variant(&w, arena_printf(arena, "%s/%.*s~%s.c", folder, stem, base, kinds[k].name), err));
	}
	return ASSAY_OK;
}

int
main(int argc, char **argv)
{
	struct assay_error err = { 0 };
	if (argc < 3) {
		(void)fprintf(stderr, "usage: variants FOLDER FILE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (rewrite_file(argv[1], argv[i], &err) != ASSAY_OK) {
			(void)fprintf(stderr, "variants: %s: %s\n", argv[i], err.what);
			return 1;
		}
	}
	return 0;
}
