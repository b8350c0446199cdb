/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a Makefile: joined as make joins them, and what each is.
 */
#pragma once

#include "work.h"

#include <base/buf.h>

#define MAKE_LINE_MAX (1u << 20)

/* A line with those that a backslash joins to it. */
struct make_line {
	const char *at;  /* as written, "len" bytes, its last end of a line left out */
	size_t len;
	unsigned number; /* of the first */
	unsigned count;  /* how many */
	struct buf text; /* joined by blanks, with a NUL */
};

/* Its text as a string. */
static inline const char *
make_text(const struct make_line *l)
{
	return (const char *)l->text.data;
}

void make_line_done(struct make_line *l);
/* *ret_more: false at the end. *cursor walks over the file; *number is the line it stands at. */
ASSAY_MUST_USE enum assay_status make_next_line(const char **cursor, unsigned *number, struct make_line *l, bool *ret_more,
    struct assay_error *err);

/* What configure takes away at the beginning of a template's lines: "@NAME@". */
size_t make_template(const char *line);
/* The length of what stands at "at": a reference, a character behind a backslash, or one byte; 0 at the end. */
size_t make_token(const char *at);
/* The length of "(...)" or "{...}", 0 when it has no end. */
size_t make_reference(const char *at);
bool make_is_name(const char *text, size_t len);
/* Whether the line begins with this word; *ret_rest is what follows. */
bool make_word(const char *line, const char *word, const char **ret_rest);
/* Where the first of these characters stands outside of references and comments, or NULL. */
const char *make_find(const char *line, const char *any);

/* "NAME := value", "define NAME", also behind "export" and the like. */
struct make_assign {
	const char *name, *op, *value;
	size_t name_len, op_len; /* of "define NAME" the operator may be empty */
	bool defines;
};
/* The name is set whether it is one or not. */
bool make_assignment(const char *line, struct make_assign *ret_assign);
/* What a rule says behind its ':', or NULL when the line has none. */
const char *make_behind_colon(const char *line);

/* Whether a file of this name is read as a Makefile. */
bool make_is_read(const char *path);
/* Sets w->make_own: whether a file of the tree may give "$(MAKE)" another meaning. */
ASSAY_MUST_USE enum assay_status make_look_for_own(struct dep_work *w);
