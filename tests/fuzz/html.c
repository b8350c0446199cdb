/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever comes in as text or as an attribute's value, the page around it stays as it was: no markup of its own, no quote that ends an
 * attribute, no control or bidirectional character; and undoing the entities gives what text_escape gave.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "html_writer.h"

#define OUT_MAX (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
undo(struct buf *out, struct assay_span s)
{
	static const struct {
		const char *entity;
		char byte;
	} rows[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };
	for (size_t i = 0; i < s.len;) {
		size_t row = 0;
		while (row < 5 && (s.len - i < strlen(rows[row].entity) ||
					memcmp(s.data + i, rows[row].entity, strlen(rows[row].entity)) != 0))
			row++;
		require(row < 5 || s.data[i] != '&');
		buf_add_byte(out, row < 5 ? (unsigned char)rows[row].byte : s.data[i]);
		i += row < 5 ? strlen(rows[row].entity) : 1;
	}
}

static void
escape_round_trip(struct assay_span in)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(OUT_MAX);
	CLEANUP(buf_done) struct buf back = BUF_INIT(OUT_MAX);
	CLEANUP(buf_done) struct buf eye = BUF_INIT(OUT_MAX);
	html_escape(&out, &scratch, in);
	require(out.status == ASSAY_OK);
	for (size_t i = 0; i < out.len; i++) {
		require(strchr("<>\"'", out.data[i]) == NULL || out.data[i] == '\0');
		require(out.data[i] >= 0x20 && out.data[i] != 0x7f);
	}
	require(text_is_utf8(buf_span(&out)));
	undo(&back, buf_span(&out));
	text_escape(&eye, in, false);
	require(assay_span_equal(buf_span(&back), buf_span(&eye)));
}

/* With the text inside: as many elements as were opened, no more. */
static void
page_keeps_its_shape(struct assay_span in)
{
	struct buf out = BUF_INIT(OUT_MAX);
	struct html h;
	char *text = malloc(in.len + 1);
	require(text != NULL);
	if (in.len > 0)
		memcpy(text, in.data, in.len);
	text[in.len] = '\0';
	html_init(&h, &out);
	html_begin(&h, "p", text);
	html_attr(&h, "title", text);
	html_text(&h, text);
	html_leaf(&h, "b", NULL, text);
	size_t pairs = 0;
	for (const char *p = text; (p = strchr(p, '`')) != NULL && (p = strchr(p + 1, '`')) != NULL; p++)
		pairs++;
	html_prose(&h, text);
	html_end(&h);
	size_t starts = 0;
	for (size_t i = 0; i < out.len; i++)
		starts += out.data[i] == '<';
	require(out.status != ASSAY_OK || starts == 4 + 2 * pairs);
	free(text);
	html_done(&h);
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span in = { data, size };
	if (size > 100000)
		return 0;
	escape_round_trip(in);
	page_keeps_its_shape(in);
	return 0;
}
