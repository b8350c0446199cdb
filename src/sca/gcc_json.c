/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>

/* Diagnostics in one another, and steps on an analyser's path, that are kept. */
#define STEPS_MAX 512
#define WORDS_SHOWN 80

static uint32_t
number(const struct jsontree *object, const char *key)
{
	const struct jsontree *n = jsontree_get(object, key);
	uint64_t v = 0;
	if (n == NULL || n->kind != JSONTREE_NUMBER)
		return 0;
	if (text_to_u64(assay_span_str(n->text), &v) != ASSAY_OK || v > UINT32_MAX)
		return 0;
	return (uint32_t)v;
}

static const char *
words(const struct jsontree *object, const char *key)
{
	const char *text = jsontree_str(object, key);
	return text != NULL ? text : "";
}

static enum assay_status
read_step(struct reading *r, const struct jsontree *place, const char *message, struct sca_step *ret_step)
{
	struct sca_step s = { .path = "", .message = message, .line = number(place, "line"),
		.column = number(place, "byte-column") };
	s.path = reading_path(r, words(place, "file"), &s.outside);
	if (s.path == NULL)
		return arena_full(r->err);
	*ret_step = s;
	return ASSAY_OK;
}

static enum assay_status
read_steps(struct reading *r, const struct jsontree *d, struct sca_report *to)
{
	const struct jsontree *path = jsontree_get(d, "path");
	const struct jsontree *children = jsontree_get(d, "children");
	size_t most = (path != NULL ? path->count : 0) + (children != NULL ? children->count : 0);
	struct sca_step *steps = arena_array(r->arena, most + 1, sizeof *steps);
	if (steps == NULL)
		return arena_full(r->err);
	to->steps = steps;
	for (const struct jsontree *e = path != NULL ? path->first : NULL; e != NULL && to->step_count < STEPS_MAX; e = e->next)
		TRY(read_step(r, jsontree_get(e, "location"), words(e, "description"), &steps[to->step_count++]));
	for (const struct jsontree *c = children != NULL ? children->first : NULL; c != NULL && to->step_count < STEPS_MAX; c = c->next) {
		const struct jsontree *places = jsontree_get(c, "locations");
		const struct jsontree *first = places != NULL ? places->first : NULL;
		TRY(read_step(r, jsontree_get(first, "caret"), words(c, "message"), &steps[to->step_count++]));
	}
	return ASSAY_OK;
}

/* "locations" is empty for what has no place: a missing main file, an unknown option. */
static enum assay_status
read_place(struct reading *r, const struct jsontree *d, struct sca_report *to)
{
	const struct jsontree *places = jsontree_get(d, "locations");
	const struct jsontree *first = places != NULL ? places->first : NULL;
	const struct jsontree *caret = jsontree_get(first, "caret");
	const struct jsontree *finish = jsontree_get(first, "finish");
	if (caret == NULL)
		return ASSAY_OK;
	to->path = reading_path(r, words(caret, "file"), &to->outside);
	if (to->path == NULL)
		return arena_full(r->err);
	to->line = number(caret, "line");
	to->column = number(caret, "byte-column");
	to->end_line = number(finish, "line");
	to->end_column = number(finish, "byte-column");
	return ASSAY_OK;
}

static enum assay_status
read_diagnostic(struct reading *r, const struct jsontree *d)
{
	struct sca_report *to = NULL;
	const char *kind = jsontree_str(d, "kind");
	if (d->kind != JSONTREE_OBJECT || kind == NULL)
		return reading_bad(r, ASSAY_E_FORMAT, "a diagnostic without a kind");
	TRY(reading_add(r, &to));
	to->message = words(d, "message");
	to->check = words(d, "option");
	to->cwe = number(jsontree_get(d, "metadata"), "cwe");
	TRY(read_place(r, d, to));
	TRY(read_steps(r, d, to));
	if (strcmp(kind, "note") == 0)
		to->level = SCA_NOTE;
	else if (strcmp(kind, "warning") != 0 && (strcmp(kind, "error") != 0 || to->check[0] == '\0'))
		reading_broken(r, to);
	return ASSAY_OK;
}

static enum assay_status
read_array(struct reading *r, struct assay_span line)
{
	struct jsontree *root = NULL;
	TRY(jsontree_parse(line, r->in->engine, r->arena, &root, r->err));
	if (root->kind != JSONTREE_ARRAY)
		return reading_bad(r, ASSAY_E_FORMAT, "it is no list of diagnostics");
	r->out.documents++;
	for (const struct jsontree *d = root->first; d != NULL; d = d->next)
		TRY(read_diagnostic(r, d));
	return ASSAY_OK;
}

/* The compiler breaking down is told in plain words; their begin says more than that there are some. */
static enum assay_status
no_json(const struct reading *r, struct assay_span line)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT((size_t)8 * WORDS_SHOWN);
	CLEANUP(buf_done) struct buf why = BUF_INIT((size_t)16 * WORDS_SHOWN);
	text_escape(&words, (struct assay_span) { line.data, line.len < WORDS_SHOWN ? line.len : WORDS_SHOWN }, false);
	buf_addf(&why, "a line of it is no JSON: '%s'", buf_str(&words));
	return reading_bad(r, ASSAY_E_FORMAT, buf_str(&why));
}

/* gcc 12 writes an array on a line of its own, and after a fatal error one more line of plain text. */
static enum assay_status
read_line(struct reading *r, struct assay_span line)
{
	static const char ended[] = "compilation terminated.";
	if (line.len == 0)
		return ASSAY_OK;
	if (line.data[0] == '[')
		return read_array(r, line);
	if (!assay_span_equal(line, assay_span_str(ended)))
		return no_json(r, line);
	if (r->out.broken == NULL)
		r->out.broken = ended;
	return ASSAY_OK;
}

enum assay_status
sca_read_gcc_json(const struct sca_input *in, struct arena *arena, struct sca_reading *ret_reading, struct assay_error *err)
{
	struct reading r = reading_begin(in, arena, err);
	if (in->bytes.len > SCA_OUTPUT_MAX)
		return reading_bad(&r, ASSAY_E_LIMIT, "it is too large");
	for (size_t from = 0; from < in->bytes.len;) {
		const unsigned char *at = in->bytes.data + from;
		const unsigned char *end = memchr(at, '\n', in->bytes.len - from);
		size_t n = end == NULL ? in->bytes.len - from : (size_t)(end - at);
		TRY(read_line(&r, (struct assay_span) { at, n }));
		from += n + 1;
	}
	if (r.out.documents == 0)
		return reading_bad(&r, ASSAY_E_FORMAT, "there is no list of diagnostics");
	*ret_reading = r.out;
	return ASSAY_OK;
}
