/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands at a place in code, told by what it is and not by where: the symbol around it, the tokens of its statement, and which of
 * several equal statements of that symbol it is. Lines that move, layout, comments and other files' names change none of it.
 */
#pragma once

#include <assay/hash.h>
#include <code/lex.h>

/* What of a longer statement goes into its window. */
#define CODE_WINDOW_TOKENS_MAX 2000
#define CODE_SYMBOL_MAX 512
#define CODE_SCOPES_MAX 200
#define CODE_EXCERPT_LINES 2 /* before and behind the line */
#define CODE_EXCERPT_WIDTH 200

struct code_place {
	const char *symbol;                     /* "parse_header", "Pump::start"; "" outside of any */
	unsigned char window[ASSAY_SHA256_SIZE]; /* of its statement's tokens */
	unsigned occurrence;                    /* among equal statements of the symbol, from 0 */
	unsigned line, column;                  /* where the statement begins */
	unsigned last_line;
	bool leaves;                            /* "return", "goto", "break", "throw", the end of a block */
};

/* The statements of one file, in its order. */
struct code_statements {
	struct code_place *items;
	size_t count;
};

/*
 * Statements of C and C++, and of languages with braces like theirs. What can't be told apart (unbalanced braces) gives longer windows
 * or another symbol, and no error.
 */
ASSAY_MUST_USE enum assay_status code_statements_of(const struct code_tokens *t, struct arena *arena,
    struct code_statements *ret_statements, struct assay_error *err);
/*
 * The same by lines, for languages whose statements are lines: symbols are what "def", "class" and their like name, by indentation.
 */
ASSAY_MUST_USE enum assay_status code_lines_split(struct assay_span text, struct arena *arena,
    struct code_statements *ret_statements, struct assay_error *err);
/* The statement at a place; column 0: the first of the line. NULL for a file without any. */
const struct code_place *code_place_at(const struct code_statements *s, unsigned line, unsigned column);
/* The line with those around it, each cut to CODE_EXCERPT_WIDTH bytes; "" when there is no such line. NULL when the arena is full. */
const char *code_excerpt(struct assay_span text, unsigned line, struct arena *arena);
