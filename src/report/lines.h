/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines for a terminal: text escaped for the eye, wrapped between words, coloured when asked.
 */
#pragma once

#include <base/buf.h>
#include <judge/judge.h>
#include <report/report.h>

/* Narrower than this nobody reads; wider than this lines get hard to follow. */
#define LINES_WIDTH_MIN 40
#define LINES_WIDTH_MAX 120

struct lines {
	struct buf *out;
	struct buf text; /* the paragraph being put together, plain */
	unsigned width;
	bool colour;
};

void lines_init(struct lines *l, const struct report_style *style, struct buf *out);
void lines_done(struct lines *l);
/* Columns that s takes: characters of its escaped form, each counted as one. */
size_t lines_columns(const char *s);
/* Adds to the paragraph; what comes from outside is escaped here. */
void lines_add(struct lines *l, const char *text);
void lines_add_n(struct lines *l, const char *text, size_t len);
void lines_addf(struct lines *l, const char *fmt, ...) ASSAY_PRINTF(2, 3);
/* Writes the paragraph: its first line where the output stands (column at), the others indented by indent. */
void lines_wrap(struct lines *l, size_t at, size_t indent);
/* A paragraph of its own: label, then text hanging below itself. */
void lines_labelled(struct lines *l, size_t indent, const char *label, const char *text);
void lines_spaces(struct lines *l, size_t n);
/* A verdict's word in its colour, padded to width columns. */
void lines_verdict(struct lines *l, enum verdict v, bool judged, size_t width);
void lines_bold(struct lines *l, const char *text);
void lines_dim(struct lines *l, const char *text);
