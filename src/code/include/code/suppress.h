/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What in a tree silences an analyser: marks in comments, pragmas, attributes, code that asks whether it is being analysed, and
 * files beside the code. Every engine's forms are looked for, whether or not that engine is used.
 */
#pragma once

#include <base/arena.h>
#include <base/buf.h>
#include <codec/sources.h>

#define SUPPRESS_MAX 100000u   /* of a tree; beyond it overflow is set */
#define SUPPRESS_CHECKS_MAX 64 /* of one mark; beyond it the mark counts as one for all checks */

enum suppress_form {
	SUPPRESS_COMMENT,
	SUPPRESS_STRING,    /* stands in a string or a name, and the engine obeys it there too */
	SUPPRESS_PRAGMA,
	SUPPRESS_ATTRIBUTE, /* also annotations of other languages */
	SUPPRESS_DETECTS,   /* the code is another one for an analyser */
	SUPPRESS_OPTION,    /* in a file beside the code: a claim, for no engine that runs here obeys it */
};

enum suppress_reach {
	SUPPRESS_LINE,
	SUPPRESS_FUNCTION,
	SUPPRESS_REGION,
	SUPPRESS_FILE,
	SUPPRESS_TREE,
};

struct suppression {
	const char *path;
	unsigned line, column; /* of the mark */
	size_t at, len;        /* bytes of the file that suppress_without() blanks */
	const char *engine;    /* "clang-tidy"; "analysers" for code that asks for one */
	const char *mark;      /* "cppcheck-suppress" */
	enum suppress_form form;
	enum suppress_reach reach;
	unsigned first, last;  /* lines that it covers; 0 of a tree */
	const char *const *checks; /* as they are written, patterns too */
	size_t check_count;    /* 0: all */
	const char *symbol;    /* the function that all of it lies in; NULL: none */
	bool several;          /* it covers lines of more than one function */
	bool in_macro;         /* stands in a #define: it silences wherever that is used */
	bool spliced;          /* written over joined lines, where a reader doesn't find it */
	bool open;             /* a region that nothing ends */
};

/* A file that could not be looked through. */
struct suppress_unread {
	const char *path;
	const char *why;
};

struct suppressions {
	const struct suppression *items; /* by path, then by place */
	size_t count;
	const struct suppress_unread *unread;
	size_t unread_count;
	size_t files;  /* looked through */
	bool overflow; /* there are more */
};

const char *suppress_form_name(enum suppress_form form);    /* "comment" */
const char *suppress_reach_name(enum suppress_reach reach); /* "line" */

/* Whether files of this path are looked through at all. */
bool suppress_concerns(const char *path);
/* leave_out may be NULL; a file for which it says true isn't looked at. */
ASSAY_MUST_USE enum assay_status suppress_find(const struct sources *s, bool (*leave_out)(void *ctx, const char *path), void *ctx,
    struct arena *arena, struct suppressions *ret_found, struct assay_error *err);
/*
 * The file's bytes without this one: blanks in its place, so that every line and column stays. Where an end that is left alone would be
 * a fault of its own, that is blanked as well.
 */
ASSAY_MUST_USE enum assay_status suppress_without(struct assay_span bytes, const struct suppression *one, struct buf *out,
    struct assay_error *err);
