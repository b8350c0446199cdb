/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents as people read them: a row of blocks of text with their places, out of Markdown or DOCX. Pure: bytes in, blocks out.
 * What a reader of the document doesn't see (hidden text, comments, what was struck out or deleted) isn't in the blocks.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* Markdown parsers are quadratic somewhere; a policy of a quarter of a megabyte nobody reads. */
#define DOCS_MARKDOWN_MAX (256u << 10)
#define DOCS_TEXT_MAX (4u << 20)
#define DOCS_BLOCKS_MAX 50000u
#define DOCS_NOTES_MAX 200u

enum docs_block_kind {
	DOCS_PARAGRAPH,
	DOCS_HEADING,
	DOCS_ITEM, /* of a list */
	DOCS_CELL, /* of a table; those of a row follow one another */
	DOCS_CODE,
};

/* Text from offset on stands at this place; columns count bytes from there. */
struct docs_anchor {
	uint32_t offset;
	unsigned line, column;
};

struct docs_block {
	enum docs_block_kind kind;
	const char *text; /* UTF-8 without a NUL; LF where the line was broken */
	size_t len;
	unsigned row;     /* of a table, counted over the document; 0 elsewhere */
	const struct docs_anchor *anchors; /* at least one, at offset 0 */
	size_t anchor_count;
};

/* What kept the document from being read whole, or stands in it unseen. */
enum docs_note_kind {
	DOCS_UNREAD,   /* raw HTML, embedded objects, imported parts */
	DOCS_HIDDEN,   /* text that isn't shown; only noted where it holds a mark or a word of obligation */
	DOCS_MACRO,
	DOCS_EXTERNAL, /* content that is fetched from elsewhere when it is opened */
	DOCS_REVISED,  /* tracked changes that nobody has accepted yet */
};

struct docs_note {
	enum docs_note_kind kind;
	unsigned line;
	const char *what;
};

struct docs_document {
	bool paragraphs; /* lines are numbers of paragraphs, as in DOCX */
	struct docs_block *blocks;
	size_t block_count;
	struct docs_note *notes;
	size_t note_count;
};

/* Whether a document of this name can be read: "*.md", "*.markdown", "*.docx", "*.docm". */
bool docs_readable(const char *path);
/* ASSAY_E_UNSUPPORTED for another kind of document, ASSAY_E_FORMAT or ASSAY_E_LIMIT for one that isn't sound. */
ASSAY_MUST_USE enum assay_status docs_read(const char *path, struct assay_span bytes,
    struct arena *arena, struct docs_document *ret_document, struct assay_error *err);
/* Where a byte of the block's text stands. */
void docs_place(const struct docs_block *b, size_t offset, unsigned *ret_line, unsigned *ret_column);
