/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <docs/sentences.h>
#include <string.h>

#define FIRST_ROOM 64
#define SAID_MAX 120

/* ---- building ---- */

void
docs_build_done(struct docs_builder *b)
{
	buf_done(&b->text);
	buf_done(&b->anchors);
}

static void
fail(struct docs_builder *b, enum assay_status status)
{
	if (b->status == ASSAY_OK)
		b->status = status;
}

/* One more place in the list, or NULL. */
static struct docs_block *
new_block(struct docs_builder *b)
{
	struct docs_document *d = b->document;
	if (d->block_count == DOCS_BLOCKS_MAX || b->total + b->text.len > DOCS_TEXT_MAX) {
		fail(b, ASSAY_E_LIMIT);
		return NULL;
	}
	if (d->block_count == b->room) {
		const size_t room = b->room == 0 ? FIRST_ROOM : 2 * b->room;
		struct docs_block *more = arena_array(b->arena, room, sizeof *more);
		if (more == NULL) {
			fail(b, ASSAY_E_MEMORY);
			return NULL;
		}
		if (d->block_count > 0)
			memcpy(more, d->blocks, d->block_count * sizeof *more);
		d->blocks = more;
		b->room = room;
	}
	return &d->blocks[d->block_count];
}

static bool
is_blank(const struct buf *text)
{
	const char *s = buf_str(text);
	return s[strspn(s, " \t\n")] == '\0';
}

void
docs_build_close(struct docs_builder *b)
{
	struct docs_block *block;
	if (b->status == ASSAY_OK && b->text.status != ASSAY_OK)
		fail(b, b->text.status);
	if (b->status == ASSAY_OK && !is_blank(&b->text) && (block = new_block(b)) != NULL) {
		block->kind = b->kind;
		block->row = b->row;
		block->text = arena_copy(b->arena, buf_span(&b->text));
		block->len = b->text.len;
		block->anchor_count = b->anchors.len / sizeof(struct docs_anchor);
		struct docs_anchor *anchors = arena_array(b->arena, block->anchor_count + 1, sizeof *anchors);
		if (block->text == NULL || anchors == NULL || b->anchors.status != ASSAY_OK) {
			fail(b, ASSAY_E_MEMORY);
		} else {
			memcpy(anchors, b->anchors.data, b->anchors.len);
			block->anchors = anchors;
			b->document->block_count++;
			b->total += b->text.len;
		}
	}
	buf_reset(&b->text);
	buf_reset(&b->anchors);
}

void
docs_build_open(struct docs_builder *b, enum docs_block_kind kind, unsigned row)
{
	docs_build_close(b);
	b->kind = kind;
	b->row = row;
}

void
docs_build_add(struct docs_builder *b, const char *text, size_t len, unsigned line, unsigned column)
{
	const struct docs_anchor anchor = { (uint32_t)b->text.len, line, column };
	if (len == 0 || b->status != ASSAY_OK)
		return;
	buf_add(&b->anchors, &anchor, sizeof anchor);
	buf_add(&b->text, text, len);
}

void
docs_build_note(struct docs_builder *b, enum docs_note_kind kind, unsigned line, const char *what)
{
	struct docs_document *d = b->document;
	CLEANUP(buf_done) struct buf said = BUF_INIT((size_t)8 * SAID_MAX);
	if (d->notes == NULL)
		d->notes = arena_array(b->arena, DOCS_NOTES_MAX, sizeof *d->notes);
	if (d->notes == NULL || d->note_count == DOCS_NOTES_MAX)
		return;
	text_escape(&said, (struct assay_span){ (const unsigned char *)what, strnlen(what, SAID_MAX) }, false);
	const char *kept = arena_str(b->arena, buf_str(&said));
	d->notes[d->note_count++] = (struct docs_note){ kind, line, kept != NULL ? kept : "" };
}

enum assay_status
docs_build_end(struct docs_builder *b, struct assay_error *err)
{
	docs_build_close(b);
	if (b->status == ASSAY_E_LIMIT)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %u blocks or %u bytes of text", DOCS_BLOCKS_MAX,
		    DOCS_TEXT_MAX);
	return b->status == ASSAY_OK ? ASSAY_OK : arena_full(err);
}

bool
docs_matters(const char *text, size_t len)
{
	return memmem(text, len, DOCS_MARK, sizeof DOCS_MARK - 1) != NULL || docs_obliges(text, len);
}

/* ---- reading ---- */

static const struct {
	const char *ending;
	enum assay_status (*read)(struct assay_span bytes, struct docs_builder *b, struct assay_error *err);
	bool paragraphs;
} formats[] = {
	{ ".md", docs_markdown, false },
	{ ".markdown", docs_markdown, false },
	{ ".docx", docs_docx, true },
	{ ".docm", docs_docx, true },
};

#define FORMATS (sizeof formats / sizeof formats[0])

static size_t
format_of(const char *path)
{
	const size_t len = strlen(path);
	size_t i = 0;
	for (; i < FORMATS; i++) {
		const size_t n = strlen(formats[i].ending);
		if (len > n && strcasecmp(path + len - n, formats[i].ending) == 0)
			break;
	}
	return i;
}

bool
docs_readable(const char *path)
{
	return format_of(path) < FORMATS;
}

enum assay_status
docs_read(const char *path, struct assay_span bytes, struct arena *arena,
    struct docs_document *ret_document, struct assay_error *err)
{
	struct docs_document d = { 0 };
	const size_t format = format_of(path);
	CLEANUP(docs_build_done) struct docs_builder b = DOCS_BUILDER(arena, &d);
	if (format == FORMATS)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "documents of this kind aren't read: Markdown and DOCX are");
	d.paragraphs = formats[format].paragraphs;
	TRY(formats[format].read(bytes, &b, err));
	TRY(docs_build_end(&b, err));
	*ret_document = d;
	return ASSAY_OK;
}

void
docs_place(const struct docs_block *b, size_t offset, unsigned *ret_line, unsigned *ret_column)
{
	const struct docs_anchor *a = &b->anchors[0];
	for (size_t i = 1; i < b->anchor_count && b->anchors[i].offset <= offset; i++)
		a = &b->anchors[i];
	*ret_line = a->line;
	*ret_column = a->column + (unsigned)(offset - a->offset);
}
