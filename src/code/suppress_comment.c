/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: marks in comments of C and C++. What each engine obeys was tried where it could be: clang-tidy 19 finds its mark
 * anywhere in a line, in strings and behind other letters too, and takes a list only when the bracket follows at once; cppcheck 2.10
 * and flawfinder want theirs at the beginning of a comment, in the line or before it. Forms of engines that couldn't be tried are
 * taken as their makers describe them.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define S WHERE_START
#define F WHERE_FOLD
#define W WHERE_WORD
/* In two parts, for in one it would silence these lines. */
#define MARK "NO" "LINT"
#define MARK_LEN (sizeof MARK - 1)

/* Longer marks before those that they begin with. */
static const struct suppress_mark marks[] = {
	{ NULL, "cppcheck-suppress-begin", "cppcheck", S, COVERS_BEGIN, LIST_EITHER },
	{ NULL, "cppcheck-suppress-end", "cppcheck", S, COVERS_END, LIST_EITHER },
	{ NULL, "cppcheck-suppress-file", "cppcheck", S, COVERS_FILE, LIST_EITHER },
	{ NULL, "cppcheck-suppress-macro", "cppcheck", S, COVERS_FILE, LIST_EITHER },
	{ NULL, "cppcheck-suppress", "cppcheck", S, COVERS_NEAR, LIST_EITHER },
	{ NULL, "flawfinder: ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "flawfinder:ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "its4: ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "its4:ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "rats: ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "rats:ignore", "flawfinder", S | F, COVERS_NEAR, LIST_NONE },
	{ NULL, "nosemgrep", "semgrep", F | W, COVERS_NEAR, LIST_REST },
	{ NULL, "nosem", "semgrep", F | W, COVERS_NEAR, LIST_REST },
	{ NULL, "nosec", "bandit", F | W, COVERS_LINE, LIST_REST },
	{ NULL, "codeql[", "codeql", S, COVERS_NEXT, LIST_BRACKET },
	{ NULL, "codeql [", "codeql", S, COVERS_NEXT, LIST_BRACKET },
	{ NULL, "lgtm[", "codeql", F, COVERS_LINE, LIST_BRACKET },
	{ NULL, "lgtm [", "codeql", F, COVERS_LINE, LIST_BRACKET },
	{ NULL, "nosonar", "sonarqube", F | W, COVERS_LINE, LIST_NONE },
	{ NULL, "coverity[", "coverity", S | F, COVERS_NEXT, LIST_BRACKET },
	{ NULL, "coverity [", "coverity", S | F, COVERS_NEXT, LIST_BRACKET },
	{ NULL, "parasoft-begin-suppress", "parasoft", S | F, COVERS_BEGIN, LIST_REST },
	{ NULL, "parasoft-end-suppress", "parasoft", S | F, COVERS_END, LIST_REST },
	{ NULL, "parasoft-suppress", "parasoft", S | F, COVERS_NEAR, LIST_REST },
	{ NULL, "parasoft suppress", "parasoft", S | F, COVERS_BEGIN, LIST_REST },
	{ NULL, "parasoft unsuppress", "parasoft", S | F, COVERS_END, LIST_REST },
	{ NULL, "ldra_inspected", "ldra", F | W, COVERS_NEAR, LIST_REST },
	{ NULL, "ldra_exclude", "ldra", F | W, COVERS_BEGIN, LIST_NONE },
	{ NULL, "ldra_end_exclude", "ldra", F | W, COVERS_END, LIST_NONE },
	{ NULL, "polyspace-begin", "polyspace", S | F, COVERS_BEGIN, LIST_REST },
	{ NULL, "polyspace-end", "polyspace", S | F, COVERS_END, LIST_REST },
	{ NULL, "polyspace", "polyspace", S | F | W, COVERS_NEAR, LIST_REST },
	{ NULL, "-v::", "pvs-studio", WHERE_AT_ONCE | F, COVERS_FILE, LIST_REST },
	{ NULL, "-v:", "pvs-studio", WHERE_AT_ONCE | F, COVERS_FILE, LIST_REST },
	{ NULL, "-v", "pvs-studio", WHERE_AT_ONCE | F, COVERS_LINE, LIST_NUMBER },
	{ NULL, "v_exclude_path", "pvs-studio", S | F, COVERS_FILE, LIST_NONE },
	{ NULL, "lint -save", "pc-lint", WHERE_AT_ONCE, COVERS_BEGIN, LIST_LINT },
	{ NULL, "lint -restore", "pc-lint", WHERE_AT_ONCE, COVERS_END, LIST_NONE },
	{ NULL, "lint --e", "pc-lint", WHERE_AT_ONCE, COVERS_BEGIN, LIST_PAREN },
	{ NULL, "lint -e", "pc-lint", WHERE_AT_ONCE, COVERS_FILE, LIST_REST },
	{ NULL, "lint !e", "pc-lint", WHERE_AT_ONCE, COVERS_LINE, LIST_REST },
	{ NULL, "lint !", "pc-lint", WHERE_AT_ONCE, COVERS_LINE, LIST_LINT },
	{ NULL, "lint -", "pc-lint", WHERE_AT_ONCE, COVERS_FILE, LIST_LINT },
	{ NULL, "cstat !", "c-stat", S, COVERS_LINE, LIST_REST },
	{ NULL, "cstat -", "c-stat", S, COVERS_FILE, LIST_REST },
	{ NULL, "@ignore@", "splint", WHERE_AT_ONCE, COVERS_BEGIN, LIST_NONE },
	{ NULL, "@end@", "splint", WHERE_AT_ONCE, COVERS_END, LIST_NONE },
	{ NULL, "@i", "splint", WHERE_AT_ONCE, COVERS_LINE, LIST_NONE },
	{ NULL, "prqa s", "helix-qac", S | F, COVERS_NEAR, LIST_REST },
	{ NULL, "axivion", "axivion", S | F | W, COVERS_NEAR, LIST_REST },
	{ NULL, "resharper disable once", "resharper", S | F, COVERS_NEXT, LIST_REST },
	{ NULL, "resharper disable", "resharper", S | F, COVERS_FILE, LIST_REST },
};

/* ---- comments ---- */

static unsigned
lines_before(const char *text, size_t at)
{
	unsigned lines = 0;
	for (size_t i = 0; i < at; i++)
		lines += text[i] == '\n';
	return lines;
}

static void
cover(const struct suppress_work *w, const struct suppress_mark *m, unsigned end_line, struct suppression *one)
{
	const bool own = suppress_code_on(w, one->line);
	one->reach = SUPPRESS_LINE;
	one->first = one->last = one->line;
	if (m->covers == COVERS_NEXT || (m->covers == COVERS_NEAR && !own))
		one->first = one->last = suppress_next_code(w, end_line);
	if (m->covers == COVERS_FILE) {
		one->reach = SUPPRESS_FILE;
		one->first = 1;
	}
	if (m->covers == COVERS_BEGIN) {
		one->reach = SUPPRESS_REGION;
		one->open = true;
	}
}

static enum assay_status
add_mark(struct suppress_work *w, const struct suppress_mark *m, const struct code_token *c, const char *text, size_t at, bool spliced)
{
	struct suppression one = { .line = code_line_of(w->t, c->at) + lines_before(text, at), .column = code_column(w->t, c), .at = c->at,
		.len = c->len, .engine = m->engine, .mark = m->word, .form = SUPPRESS_COMMENT };
	/* One that stands in one piece isn't hidden by a line that is joined elsewhere in the comment. */
	const struct assay_span raw = code_raw(w->t, c);
	one.spliced = spliced && memmem(raw.data, raw.len, text + at, strlen(m->word)) == NULL;
	TRY(suppress_names(w, text, at + strlen(m->word) - (m->word[strlen(m->word) - 1] == '['), (enum suppress_list)m->list, &one));
	if (m->covers == COVERS_END) {
		suppress_end(w, m->engine, m->list == LIST_EITHER ? &one : NULL, one.line);
		return ASSAY_OK;
	}
	cover(w, m, code_line_of(w->t, c->at + c->len - 1), &one);
	return suppress_add(w, &one);
}

/* A comment's text with joined lines joined, also within one of several lines; a NUL in it is a blank. */
static char *
joined(const struct suppress_work *w, const struct code_token *c, bool *ret_spliced)
{
	const struct assay_span raw = code_raw(w->t, c);
	char *text = arena_alloc(w->scratch, raw.len + 1);
	size_t len = 0;
	*ret_spliced = false;
	for (size_t i = 0; i < raw.len && text != NULL; i++) {
		size_t next = i + 1;
		while (raw.data[i] == '\\' && next < raw.len && (raw.data[next] == ' ' || raw.data[next] == '\t'))
			next++;
		next += raw.data[i] == '\\' && next < raw.len && raw.data[next] == '\r';
		if (raw.data[i] == '\\' && next < raw.len && raw.data[next] == '\n') {
			i = next;
			*ret_spliced = true;
			continue;
		}
		text[len++] = (char)(raw.data[i] == '\0' ? ' ' : raw.data[i]);
	}
	return text;
}

/* Without the slashes, stars and what else makes it a comment. */
static char *
inside_of(const struct suppress_work *w, const struct code_token *c, bool *ret_spliced)
{
	char *text = joined(w, c, ret_spliced);
	if (text == NULL)
		return NULL;
	const size_t len = strlen(text);
	if (c->what == '*' && len >= 4 && text[len - 1] == '/' && text[len - 2] == '*')
		text[len - 2] = '\0';
	return len >= 2 ? text + 2 : text;
}

enum assay_status
suppress_comments(struct suppress_work *w)
{
	for (uint32_t i = 0; i < w->t->comment_count; i++) {
		const struct code_token *c = &w->t->comments[i];
		const struct suppress_mark *m;
		size_t from = 0, at;
		bool spliced;
		char *text = inside_of(w, c, &spliced);
		if (text == NULL)
			return arena_full(w->err);
		while ((m = suppress_next_mark(marks, COUNT(marks), NULL, text, &from, &at)) != NULL)
			TRY(add_mark(w, m, c, text, at, spliced));
	}
	return ASSAY_OK;
}

/* ---- clang-tidy: anywhere ---- */

static const struct {
	const char *word;
	enum suppress_covers covers;
} nolint[] = { { MARK "NEXTLINE", COVERS_NEXT }, { MARK "BEGIN", COVERS_BEGIN }, { MARK "END", COVERS_END }, { MARK, COVERS_LINE } };

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The comment that a byte lies in, or NULL. */
static const struct code_token *
comment_at(const struct code_tokens *t, size_t at)
{
	uint32_t low = 0, high = t->comment_count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const struct code_token *c = &t->comments[middle];
		if (at >= c->at && at - c->at < c->len)
			return c;
		if (at < c->at)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static enum assay_status
add_nolint(struct suppress_work *w, size_t row, const char *text, size_t at, const struct suppression *place)
{
	struct suppression one = *place;
	one.engine = "clang-tidy";
	one.mark = nolint[row].word;
	TRY(suppress_names(w, text, at, LIST_PAREN, &one));
	/* An empty list silences nothing. */
	if (one.check_count == 0 && strncmp(text + at, "()", 2) == 0)
		return ASSAY_OK;
	if (nolint[row].covers == COVERS_END) {
		suppress_end(w, "clang-tidy", &one, one.line);
		return ASSAY_OK;
	}
	one.first = one.last = one.line + (nolint[row].covers == COVERS_NEXT);
	if (nolint[row].covers == COVERS_BEGIN) {
		one.reach = SUPPRESS_REGION;
		one.open = true;
	}
	return suppress_add(w, &one);
}

/* The row whose word stands at p, which is NUL-terminated, and ends there; COUNT(nolint): none. */
static size_t
nolint_row(const char *p)
{
	for (size_t i = 0; i < COUNT(nolint); i++) {
		const size_t n = strlen(nolint[i].word);
		if (strncmp(p, nolint[i].word, n) == 0)
			return is_alnum((unsigned char)p[n]) ? COUNT(nolint) : i;
	}
	return COUNT(nolint);
}

/* The same words over joined lines: clang-tidy doesn't find them so, and whoever else reads the comment does. */
static enum assay_status
look_over_splices(struct suppress_work *w, const struct code_token *c)
{
	const struct assay_span raw = code_raw(w->t, c);
	bool spliced;
	if (memchr(raw.data, '\\', raw.len) == NULL)
		return ASSAY_OK;
	const char *text = joined(w, c, &spliced);
	if (text == NULL)
		return arena_full(w->err);
	for (const char *p = strstr(text, MARK); p != NULL; p = strstr(p + 1, MARK)) {
		const size_t row = nolint_row(p);
		const struct suppression one = { .line = c->line, .column = code_column(w->t, c), .at = c->at, .len = c->len,
			.form = SUPPRESS_COMMENT, .spliced = true };
		if (spliced && row < COUNT(nolint) && memmem(raw.data, raw.len, nolint[row].word, strlen(nolint[row].word)) == NULL)
			TRY(add_nolint(w, row, p, strlen(nolint[row].word), &one));
	}
	return ASSAY_OK;
}

enum assay_status
suppress_nolint(struct suppress_work *w)
{
	/* The lexer's copy ends in NULs. */
	const unsigned char *begin = w->t->bytes.data;
	size_t left = w->t->bytes.len;
	for (const unsigned char *p = begin; p != NULL && (p = memmem(p, left, MARK, MARK_LEN)) != NULL;) {
		const size_t at = (size_t)(p - begin), row = nolint_row((const char *)p);
		const struct code_token *c = comment_at(w->t, at);
		const struct code_token here = { .at = (uint32_t)at, .len = MARK_LEN, .line = code_line_of(w->t, (uint32_t)at) };
		const struct suppression one = { .line = here.line, .column = code_column(w->t, &here),
			.at = c == NULL ? at : c->at, .len = c == NULL ? MARK_LEN : c->len, .form = c == NULL ? SUPPRESS_STRING : SUPPRESS_COMMENT };
		if (row < COUNT(nolint))
			TRY(add_nolint(w, row, (const char *)p, strlen(nolint[row].word), &one));
		p += row < COUNT(nolint) ? strlen(nolint[row].word) : MARK_LEN;
		left = w->t->bytes.len - (size_t)(p - begin);
	}
	for (uint32_t i = 0; i < w->t->comment_count; i++)
		TRY(look_over_splices(w, &w->t->comments[i]));
	return ASSAY_OK;
}
