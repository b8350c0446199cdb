/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens cut into statements, each with the symbol that it stands in: by braces, semicolons and the heads of control statements alone,
 * so that code which doesn't parse is cut too.
 */
#pragma once

#include <code/identity.h>

/* A token, those of preprocessor lines among them. */
struct code_identity_token {
	struct assay_span text;
	unsigned line, column; /* from 1 */
	bool directive;        /* of a line of the preprocessor */
	bool first;            /* the '#' that begins it */
};

/* Tokens [first, end); of a brace that closes, [head, head_end) are those of what it closes. */
struct statement {
	size_t first, end;
	size_t head, head_end;
	const char *symbol;
};

enum scope_kind {
	SCOPE_BLOCK,       /* of statements */
	SCOPE_FUNCTION,
	SCOPE_NAMED,       /* class, struct, namespace: its name goes before those in it */
	SCOPE_LIST,        /* an initializer, an enumeration: commas part it */
};

struct scope {
	enum scope_kind kind;
	const char *symbol;     /* in it */
	size_t head, head_end;  /* what stands before its brace */
	unsigned parens;        /* open outside of it */
};

/* Open #if: where it began, and how its first branch ended. */
struct branch {
	unsigned depth, parens;
	unsigned end_depth, end_parens;
	bool has_end;
};

struct splitter {
	const struct code_identity_token *tokens;
	size_t count;
	struct arena *arena;
	struct statement *found; /* malloc */
	size_t found_count, found_room;
	struct scope scopes[CODE_SCOPES_MAX];
	unsigned depth;
	unsigned lost;          /* braces open beyond CODE_SCOPES_MAX */
	unsigned parens;        /* open in the innermost scope */
	struct branch branches[CODE_SCOPES_MAX];
	unsigned branch_depth;
	size_t begin;           /* of the statement that is being read */
};

ASSAY_MUST_USE enum assay_status splitter_run(struct splitter *s, struct assay_error *err);
/* Fills occurrence. */
ASSAY_MUST_USE enum assay_status code_statements_number(struct code_statements *s, struct assay_error *err);
/* statement_names.c: what the brace that follows tokens [first, end) opens, and its symbol. NULL symbol: the arena is full. */
void statement_opens(const struct splitter *s, size_t first, size_t end, struct scope *ret_scope);
bool token_is(const struct code_identity_token *t, const char *text);
bool token_is_word(const struct code_identity_token *t);
