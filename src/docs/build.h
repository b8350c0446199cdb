/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts a document together: the readers open a block, add text to it, and close it.
 */
#pragma once

#include <base/buf.h>
#include <docs/document.h>

struct docs_builder {
	struct arena *arena;
	struct docs_document *document;
	struct buf text, anchors; /* of the open block */
	size_t total;             /* bytes of all closed blocks */
	size_t room;              /* of document->blocks */
	enum docs_block_kind kind;
	unsigned row;
	enum assay_status status; /* the first failure: later calls do nothing */
};

#define DOCS_BUILDER(a, d) { .arena = (a), .document = (d), .text = BUF_INIT(DOCS_TEXT_MAX), .anchors = BUF_INIT(DOCS_TEXT_MAX) }

void docs_build_done(struct docs_builder *b);
/* Closes what is open, if anything. */
void docs_build_open(struct docs_builder *b, enum docs_block_kind kind, unsigned row);
void docs_build_add(struct docs_builder *b, const char *text, size_t len, unsigned line, unsigned column);
void docs_build_close(struct docs_builder *b);
void docs_build_note(struct docs_builder *b, enum docs_note_kind kind, unsigned line, const char *what);
ASSAY_MUST_USE enum assay_status docs_build_end(struct docs_builder *b, struct assay_error *err);

/* Whether text that isn't shown matters: it holds a mark or a word of obligation. */
bool docs_matters(const char *text, size_t len);

ASSAY_MUST_USE enum assay_status docs_markdown(struct assay_span bytes, struct docs_builder *b,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status docs_docx(struct assay_span bytes, struct docs_builder *b,
    struct assay_error *err);
