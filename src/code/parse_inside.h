/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the parser: one unit being read, in steps that stand in files of their own.
 */
#pragma once

#include <code/parse.h>
#include <string.h>

enum parse_array { PARSE_TOKENS, PARSE_MACROS, PARSE_FUNCTIONS, PARSE_STATEMENTS, PARSE_CALLS, PARSE_SYMBOLS, PARSE_RECORDS, PARSE_NAMES,
	PARSE_ARRAYS };

struct parser {
	struct code_unit u;
	struct arena *arena;
	uint32_t room[PARSE_ARRAYS];
	uint32_t *slots;     /* of names: number, or 0 */
	uint32_t *hashes;    /* per name */
	uint32_t slot_count; /* a power of two */
	uint32_t *before;    /* per token of raw, and one: the first of tokens that came of it or of a later one */
	uint32_t branch_count;
	const char *scope;   /* "net::Server::", or "" */
	uint32_t function;   /* being read, or CODE_NONE */
	uint32_t depth;
	bool full;           /* memory */
};

/* Room for one more in an array of elements of a size; NULL and full when there is none. */
void *parse_grown(struct parser *p, enum parse_array which, void *old, uint32_t count, size_t size);
#define PARSE_ADD(p, which, array, count, value)                                                              \
	do {                                                                                                  \
		(array) = parse_grown((p), (which), (array), (count), sizeof *(array));                       \
		if (!(p)->full)                                                                               \
			(array)[(count)++] = (value);                                                         \
	} while (0)

/* Whether it is one of the punctuators of one character. */
static inline bool
parse_one_of(const struct code_token *t, const char *set)
{
	return t->kind == CODE_PUNCT && t->what < 128 && strchr(set, t->what) != NULL;
}
static inline bool
parse_opens(const struct code_token *t)
{
	return parse_one_of(t, "([{");
}
/* An identifier that is no keyword. */
static inline bool
parse_plain(const struct code_token *t)
{
	return t->kind == CODE_IDENTIFIER && t->what == CODE_KW_NONE;
}
/* The token behind the bracket's partner, or behind the bracket. */
static inline uint32_t
parse_behind(const struct code_unit *u, uint32_t open)
{
	return u->match[open] == CODE_NONE || u->match[open] < open ? open + 1 : u->match[open] + 1;
}

/* names.c */
void parse_names_init(struct parser *p, const struct code_words *words);
uint32_t parse_name(struct parser *p, struct assay_span text);
void parse_names(struct parser *p);

/* expand.c: tokens, macros, dead branches; then the brackets. */
void parse_expand(struct parser *p);
void parse_match(struct parser *p);

/* declare.c */
/* Reads the declaration from token i up to its ';' or another end before limit; adds symbols; says the token behind it. */
uint32_t parse_declaration(struct parser *p, uint32_t i, uint32_t limit, unsigned flags);
void parse_parameters(struct parser *p, uint32_t open, uint32_t close);
/* Whether the tokens from i look like a declaration. */
bool parse_declares(const struct parser *p, uint32_t i, uint32_t limit);

/* body.c */
void parse_body(struct parser *p, struct code_function *f);

/* file.c */
void parse_file(struct parser *p);
