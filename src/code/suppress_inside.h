/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the files that look for suppressions.
 */
#pragma once

#include <code/lex.h>
#include <code/suppress.h>

/* A function of a file: from the first line of its declaration to its last bracket. */
struct suppress_span {
	const char *name;
	unsigned first, last;
};

/* One tree being looked through, and of it one file. */
struct suppress_work {
	struct arena *arena;
	struct arena *scratch; /* of the file */
	struct assay_error *err;
	struct suppression *items; /* own memory, grows */
	size_t count, room;
	bool overflow;
	/* of the file */
	const char *path;
	struct assay_span bytes;
	size_t begin;              /* its first of items */
	unsigned line_count;
	const struct code_tokens *t; /* of C and C++; else NULL */
	struct suppress_span *spans; /* in their order */
	size_t span_count;
};

/* How what is silenced stands behind a mark. */
enum suppress_list {
	LIST_NONE,    /* not at all */
	LIST_PAREN,   /* (a,b), the bracket at once; without it all */
	LIST_BRACKET, /* [a,b], blanks before it allowed */
	LIST_REST,    /* a, b; a colon or '=' before them allowed */
	LIST_EITHER,  /* [a,b], or a single word */
	LIST_QUOTED,  /* names in quotes up to the closing bracket */
	LIST_LINT,    /* words that begin with '-' or '!' */
	LIST_NUMBER,  /* digits at once; the mark's last letter belongs to the name: -V501 */
};

enum suppress_where {
	WHERE_START = 1,   /* at the beginning of a comment, blanks before it allowed */
	WHERE_AT_ONCE = 2, /* there without blanks */
	WHERE_FOLD = 4,    /* whatever the case of letters */
	WHERE_WORD = 8,    /* no letter, digit or underscore on either side */
	WHERE_CODE = 16,   /* in the code and not in a comment; other languages alone */
};

enum suppress_covers {
	COVERS_LINE,      /* where it stands */
	COVERS_NEXT,      /* the next line with code */
	COVERS_NEAR,      /* its own line when there is code on it, else the next one with code */
	COVERS_BEGIN,     /* from here to the mark that ends it */
	COVERS_END,       /* ends what began: no suppression of its own */
	COVERS_FILE,
	COVERS_FUNCTION,  /* the function or declaration behind it */
};

struct suppress_mark {
	const char *suffixes; /* " .java .kt "; NULL: C and C++ */
	const char *word;     /* in lower case with WHERE_FOLD */
	const char *engine;
	uint8_t where;        /* enum suppress_where */
	uint8_t covers;       /* enum suppress_covers */
	uint8_t list;         /* enum suppress_list */
};

/* Adds one; its symbol, and whether it covers several functions, are filled in from its lines. */
ASSAY_MUST_USE enum assay_status suppress_add(struct suppress_work *w, const struct suppression *one);
/* The names behind a mark, out of text (NUL-terminated); at: the mark's end. */
ASSAY_MUST_USE enum assay_status suppress_names(struct suppress_work *w, const char *text, size_t at, enum suppress_list list,
    struct suppression *one);
/*
 * The first mark of the table that stands in text from *from on; NULL: none. *ret_at is its place, *from goes behind it. suffix: of
 * another language's file; NULL: C and C++.
 */
const struct suppress_mark *suppress_next_mark(const struct suppress_mark *table, size_t count, const char *suffix, const char *text,
    size_t *from, size_t *ret_at);
/* Whether a suffix (".py") stands among suffixes (" .py .pyw "). */
bool suppress_among(const char *suffixes, const char *suffix);
/* A mark in this line ends the last open one of that engine, of one with the names of like alone (NULL: any); without one it ends nothing. */
void suppress_end(struct suppress_work *w, const char *engine, const struct suppression *like, unsigned line);
/* The first line behind this one that holds a token; the line itself when there is none. */
unsigned suppress_next_code(const struct suppress_work *w, unsigned line);
bool suppress_code_on(const struct suppress_work *w, unsigned line);
/* A token's or comment's text as the compiler sees it, a NUL in it as a blank; of the file. NULL: no memory. */
char *suppress_text(const struct suppress_work *w, const struct code_token *token);

/* One a kind of place. */
ASSAY_MUST_USE enum assay_status suppress_comments(struct suppress_work *w);
ASSAY_MUST_USE enum assay_status suppress_nolint(struct suppress_work *w);
ASSAY_MUST_USE enum assay_status suppress_directives(struct suppress_work *w);
ASSAY_MUST_USE enum assay_status suppress_attributes(struct suppress_work *w);
ASSAY_MUST_USE enum assay_status suppress_other_language(struct suppress_work *w);
ASSAY_MUST_USE enum assay_status suppress_option_file(struct suppress_work *w);
bool suppress_is_other_language(const char *path);
bool suppress_is_option_file(const char *path);
ASSAY_MUST_USE enum assay_status suppress_spans(const struct code_tokens *t, struct arena *arena,
    struct suppress_span **ret_spans, size_t *ret_count, struct assay_error *err);
