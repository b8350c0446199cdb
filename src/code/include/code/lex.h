/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens of C17 and C++20, and of what vendors add to them. Nothing is refused: what is no token is an invalid one, and what isn't
 * closed says so. Comments and preprocessor lines stand in arrays of their own, so that whoever walks the code sees code alone.
 *
 * Lines are joined as the language has it (a backslash at the end of a line), inside every token. Trigraphs are not read, and
 * counted. A carriage return ends a line, with or without a line feed: compilers differ there, and what stands behind one is shown.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* A larger file is ASSAY_E_LIMIT, and so is one of more tokens, comments or lines. */
#define CODE_SIZE_MAX (16u << 20)
#define CODE_TOKENS_MAX (8u << 20)

enum code_language { CODE_C, CODE_CXX };

enum code_kind {
	CODE_END,        /* one behind the last token of each array */
	CODE_IDENTIFIER, /* what: enum code_keyword, or CODE_KW_NONE */
	CODE_NUMBER,
	CODE_STRING,     /* with prefix and quotes */
	CODE_CHAR,
	CODE_PUNCT,      /* what: the character itself, or enum code_punct */
	CODE_COMMENT,    /* what: '/' to the end of the line, '*' to its mark */
	CODE_HEADER,     /* <stdio.h> of an #include */
	CODE_INVALID,    /* bytes that begin no token: a stray backslash, NUL, not UTF-8 */
};

enum code_flag {
	CODE_SPLICED = 1,      /* lines are joined inside it */
	CODE_UNTERMINATED = 2, /* a string, character or comment that isn't closed */
	CODE_RAW = 4,          /* R"(...)" */
	CODE_DIGRAPH = 8,      /* written as <: or "and" */
	CODE_FIRST = 16,       /* no other token stands before it on its line */
	CODE_PREFIXED = 32,    /* L, u, U or u8 */
};

/* Punctuators of more than one character; those of one are that character. */
enum code_punct {
	CODE_P_ARROW = 128, /* -> */
	CODE_P_INCREMENT,   /* ++ */
	CODE_P_DECREMENT,   /* -- */
	CODE_P_LEFT,        /* << */
	CODE_P_RIGHT,       /* >> */
	CODE_P_LESS_EQUAL,
	CODE_P_GREATER_EQUAL,
	CODE_P_EQUAL, /* == */
	CODE_P_UNEQUAL,
	CODE_P_AND, /* && */
	CODE_P_OR,  /* || */
	CODE_P_ELLIPSIS,
	CODE_P_SET_MULTIPLY, /* *= and so on: code_assigns() */
	CODE_P_SET_DIVIDE,
	CODE_P_SET_MODULO,
	CODE_P_SET_ADD,
	CODE_P_SET_SUBTRACT,
	CODE_P_SET_LEFT,
	CODE_P_SET_RIGHT,
	CODE_P_SET_AND,
	CODE_P_SET_XOR,
	CODE_P_SET_OR,
	CODE_P_PASTE,     /* ## */
	CODE_P_SCOPE,     /* :: */
	CODE_P_DOT_STAR,  /* .* */
	CODE_P_ARROW_STAR,
	CODE_P_SPACESHIP, /* <=> */
};

/* Keywords, with what GNU and Microsoft spell otherwise ("__inline__") under one value. */
enum code_keyword {
	CODE_KW_NONE,
	CODE_KW_ALIGNAS, CODE_KW_ALIGNOF, CODE_KW_ASM, CODE_KW_ATOMIC, CODE_KW_ATTRIBUTE, CODE_KW_AUTO, CODE_KW_BOOL,
	CODE_KW_BREAK, CODE_KW_CASE, CODE_KW_CATCH, CODE_KW_CHAR, CODE_KW_CHAR8, CODE_KW_CHAR16, CODE_KW_CHAR32,
	CODE_KW_CLASS, CODE_KW_CO_AWAIT, CODE_KW_CO_RETURN, CODE_KW_CO_YIELD, CODE_KW_COMPLEX, CODE_KW_CONCEPT,
	CODE_KW_CONST, CODE_KW_CONST_CAST, CODE_KW_CONSTEVAL, CODE_KW_CONSTEXPR, CODE_KW_CONSTINIT, CODE_KW_CONTINUE,
	CODE_KW_DECLSPEC, CODE_KW_DECLTYPE, CODE_KW_DEFAULT, CODE_KW_DELETE, CODE_KW_DO, CODE_KW_DOUBLE,
	CODE_KW_DYNAMIC_CAST, CODE_KW_ELSE, CODE_KW_ENUM, CODE_KW_EXPLICIT, CODE_KW_EXPORT, CODE_KW_EXTENSION,
	CODE_KW_EXTERN, CODE_KW_FALSE, CODE_KW_FLOAT, CODE_KW_FOR, CODE_KW_FRIEND, CODE_KW_GENERIC, CODE_KW_GOTO,
	CODE_KW_IF, CODE_KW_IMAGINARY, CODE_KW_INLINE, CODE_KW_INT, CODE_KW_LONG, CODE_KW_MUTABLE, CODE_KW_NAMESPACE,
	CODE_KW_NEW, CODE_KW_NOEXCEPT, CODE_KW_NORETURN, CODE_KW_NULLPTR, CODE_KW_OPERATOR, CODE_KW_PRIVATE,
	CODE_KW_PROTECTED, CODE_KW_PUBLIC, CODE_KW_REGISTER, CODE_KW_REINTERPRET_CAST, CODE_KW_REQUIRES,
	CODE_KW_RESTRICT, CODE_KW_RETURN, CODE_KW_SHORT, CODE_KW_SIGNED, CODE_KW_SIZEOF, CODE_KW_STATIC,
	CODE_KW_STATIC_ASSERT, CODE_KW_STATIC_CAST, CODE_KW_STRUCT, CODE_KW_SWITCH, CODE_KW_TEMPLATE, CODE_KW_THIS,
	CODE_KW_THREAD_LOCAL, CODE_KW_THROW, CODE_KW_TRUE, CODE_KW_TRY, CODE_KW_TYPEDEF, CODE_KW_TYPEID,
	CODE_KW_TYPENAME, CODE_KW_TYPEOF, CODE_KW_UNION, CODE_KW_UNSIGNED, CODE_KW_USING, CODE_KW_VIRTUAL, CODE_KW_VOID,
	CODE_KW_VOLATILE, CODE_KW_WCHAR, CODE_KW_WHILE,
};

struct code_token {
	uint32_t at;   /* offset of its first byte */
	uint32_t len;  /* in bytes, joined lines included */
	uint32_t line; /* from 1, of its first byte */
	uint8_t kind;  /* enum code_kind */
	uint8_t what;
	uint8_t flags; /* enum code_flag */
};

enum code_directive_kind {
	CODE_D_NONE, /* "#" alone */
	CODE_D_DEFINE, CODE_D_UNDEF, CODE_D_INCLUDE, CODE_D_IF, CODE_D_IFDEF, CODE_D_IFNDEF, CODE_D_ELIF, CODE_D_ELIFDEF,
	CODE_D_ELIFNDEF, CODE_D_ELSE, CODE_D_ENDIF, CODE_D_LINE, CODE_D_ERROR, CODE_D_WARNING, CODE_D_PRAGMA,
	CODE_D_OTHER,
};

/* A preprocessor line, with those joined to it. */
struct code_directive {
	uint8_t kind;           /* enum code_directive_kind */
	uint32_t at, len;       /* from '#' to the end of its last token */
	uint32_t line;
	struct code_token name; /* "define"; kind CODE_END for "#" alone; the number for # 12 "file.c" */
	uint32_t first, count;  /* its tokens behind the name, in words */
	uint32_t before;        /* index of the first of tokens that stands behind it */
};

struct code_tokens {
	struct assay_span bytes; /* a copy in the arena, with NULs behind it */
	enum code_language language;
	struct code_token *tokens;
	uint32_t count;
	struct code_token *comments;
	uint32_t comment_count;
	struct code_directive *directives;
	uint32_t directive_count;
	struct code_token *words; /* of directives */
	uint32_t word_count;
	uint32_t *lines;          /* offset of each line's first byte: lines[0] is line 1 */
	uint32_t line_count;
	/* What a reader may not see, or compilers see differently. */
	uint32_t invalid;      /* tokens of that kind */
	uint32_t unterminated; /* outside directives */
	uint32_t trigraphs;
	uint32_t lone_returns; /* carriage returns without a line feed */
};

/* ASSAY_E_LIMIT over a cap, ASSAY_E_MEMORY; any bytes are otherwise good. */
ASSAY_MUST_USE enum assay_status code_lex(struct assay_span bytes, enum code_language language, struct arena *arena,
    struct code_tokens *ret_tokens, struct assay_error *err);

/* The language that a path's ending says, in any case; false when it is no ending of C or C++. A header is read as C++ by ".hpp" and the like alone. */
bool code_language_of(const char *path, enum code_language *ret_language);

/* The bytes of a token as they stand, joined lines and all. */
struct assay_span code_raw(const struct code_tokens *t, const struct code_token *token);
/* As the compiler sees it: lines joined. Cut to size - 1 bytes, NUL-terminated; says the whole length. */
size_t code_spelling(const struct code_tokens *t, const struct code_token *token, char *out, size_t size);
/* Whether its spelling is text. */
bool code_is(const struct code_tokens *t, const struct code_token *token, const char *text);
/* Whether both are spelled alike. */
bool code_same(const struct code_tokens *t, const struct code_token *a, const struct code_token *b);
/* From 1, in bytes. */
uint32_t code_column(const struct code_tokens *t, const struct code_token *token);
/* The line of an offset. */
uint32_t code_line_of(const struct code_tokens *t, uint32_t at);
/* Index of the first of tokens that doesn't begin before offset at; count when there is none. */
uint32_t code_token_from(const struct code_tokens *t, uint32_t at);
/* '=' and the operators that end in it, comparisons apart. */
bool code_assigns(const struct code_token *token);
static inline bool
code_punct(const struct code_token *token, unsigned what)
{
	return token->kind == CODE_PUNCT && token->what == what;
}
static inline bool
code_keyword(const struct code_token *token, unsigned what)
{
	return token->kind == CODE_IDENTIFIER && token->what == what;
}
