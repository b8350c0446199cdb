/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the lexer: what is being read, and the parts that stand in files of their own.
 */
#pragma once

#include <code/lex.h>

/* How many NULs stand behind the bytes: no operator, joined lines aside, needs to look further without asking. */
#define LEX_PADDING 16

enum lex_array { LEX_TOKENS, LEX_COMMENTS, LEX_WORDS, LEX_DIRECTIVES, LEX_LINES, LEX_ARRAYS };

struct lexer {
	const unsigned char *base, *p, *end; /* end[0..LEX_PADDING) are NUL */
	struct code_tokens out;
	struct arena *arena;
	uint32_t room[LEX_ARRAYS];
	bool fresh;       /* nothing but blanks and comments so far on this line */
	bool in_directive;
	bool named;       /* the directive's name was read */
	bool full;        /* a cap or memory: reading stops */
	bool over;        /* it was a cap */
	uint8_t letters[27][2]; /* rows of keywords by first letter, '_' last: first and one behind the last */
};

/* Length of the joined line ("\\\n") that begins at p, 0 for none. */
size_t lex_splice(const unsigned char *p, const unsigned char *end);
/* p behind all joined lines that begin there. */
const unsigned char *lex_join(const unsigned char *p, const unsigned char *end);
/* Counts the lines that begin in [from, to). */
void lex_lines(struct lexer *l, const unsigned char *from, const unsigned char *to);
/* A token of the bytes from at to l->p. */
void lex_push(struct lexer *l, const unsigned char *at, uint32_t line, unsigned kind, unsigned what, unsigned flags);

void lex_keywords_init(struct lexer *l);
/* Looks the token up among keywords and says its value; *ret_punct is set when it is another spelling of an operator. */
unsigned lex_keyword(const struct lexer *l, const unsigned char *word, size_t len, bool *ret_punct);
unsigned lex_directive_kind(const unsigned char *word, size_t len);

/* l->p stands at the opening quote; at and flags are those of the prefix, if any. */
void lex_quoted(struct lexer *l, const unsigned char *at, unsigned flags);
void lex_raw(struct lexer *l, const unsigned char *at, unsigned flags);
/* l->p stands behind the two characters that open it. */
void lex_line_comment(struct lexer *l, const unsigned char *at);
void lex_block_comment(struct lexer *l, const unsigned char *at);
