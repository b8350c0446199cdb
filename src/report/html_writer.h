/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML by elements. Whatever comes in as text or as an attribute's value is escaped: for the eye (control and
 * bidirectional characters, text_escape) and for the parser. Names of elements, attributes and classes are ours.
 */
#pragma once

#include <base/buf.h>

#define HTML_DEPTH_MAX 48

struct html {
	struct buf *out;
	struct buf scratch;
	const char *stack[HTML_DEPTH_MAX];
	unsigned depth;
	bool in_tag;  /* a start tag still takes attributes */
	bool broken;  /* nested too deep, or closed once too often: a bug of the caller */
};

void html_init(struct html *h, struct buf *out);
void html_done(struct html *h);
/* Opens an element; attributes may follow until the next text, element or end. class_name may be NULL. */
void html_begin(struct html *h, const char *tag, const char *class_name);
/* The same for one that has no end tag (meta, input). */
void html_void(struct html *h, const char *tag, const char *class_name);
void html_attr(struct html *h, const char *name, const char *value);
void html_attrf(struct html *h, const char *name, const char *fmt, ...) ASSAY_PRINTF(3, 4);
/* An attribute without a value: "open", "hidden". */
void html_flag(struct html *h, const char *name);
/* NULL is no text. */
void html_text(struct html *h, const char *text);
void html_span(struct html *h, struct assay_span text);
void html_textf(struct html *h, const char *fmt, ...) ASSAY_PRINTF(2, 3);
void html_end(struct html *h);
/* An element that holds text alone. */
void html_leaf(struct html *h, const char *tag, const char *class_name, const char *text);
/* Text in which backquotes mark a command or a literal. One without its partner stays as it is. */
void html_prose(struct html *h, const char *text);
/* Bytes as they are: for the style sheet, the script and marks that were built into the program. */
void html_own(struct html *h, struct assay_span bytes);
/* ASSAY_E_INTERNAL when elements are left open. */
ASSAY_MUST_USE enum assay_status html_status(const struct html *h, struct assay_error *err);

/* Appends s, escaped as text and as an attribute's value in double quotes. scratch is overwritten. */
void html_escape(struct buf *out, struct buf *scratch, struct assay_span s);
