/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tolerant reading of one file of C or C++, over its tokens: functions, statements, calls, declarations, macros. Nothing is
 * included, so what other files define is not known; macros of the file itself are expanded. What can't be read is counted, per
 * function and in all, and the rest is read on.
 *
 * Branches that no compiler takes (#if 0, the #else of #if 1, and #ifdef __cplusplus in C) are left out and counted. Of all other
 * alternatives every branch is read, brackets going by the first one.
 */
#pragma once

#include <code/lex.h>

#define CODE_NONE UINT32_MAX
/* Brackets, blocks and macros in one another; deeper ones are left unread and counted. */
#define CODE_DEPTH_MAX 256
/* Expansion stops, and says so, beyond this many tokens more than the file has. */
#define CODE_EXPANDED_MAX (2u << 20)
/* Parameters of a macro; one with more isn't expanded. */
#define CODE_PARAMS_MAX 64

struct code_macro {
	uint32_t directive;     /* in tokens->directives */
	uint32_t name;          /* in names */
	bool function;          /* takes arguments */
	bool variadic;
	bool unexpanded;        /* too many parameters, or a malformed list of them */
	uint32_t params[CODE_PARAMS_MAX]; /* names */
	uint32_t param_count;
	uint32_t body, body_count;        /* in tokens->words */
};

enum code_statement_kind {
	CODE_S_EXPRESSION, CODE_S_DECLARATION, CODE_S_BLOCK, CODE_S_IF, CODE_S_ELSE, CODE_S_SWITCH, CODE_S_CASE, CODE_S_LABEL,
	CODE_S_WHILE, CODE_S_DO, CODE_S_FOR, CODE_S_RETURN, CODE_S_BREAK, CODE_S_CONTINUE, CODE_S_GOTO, CODE_S_ASM, CODE_S_TRY,
	CODE_S_MACRO,  /* NAME(...) with a statement behind it, or without a semicolon: a macro of another file */
	CODE_S_UNREAD, /* counted */
};

/* Those within it follow it in the array, up to end. */
struct code_statement {
	uint8_t kind;
	uint32_t first, last;   /* tokens, both inclusive, with all statements within */
	uint32_t open, close;   /* brackets of its condition, else CODE_NONE */
	uint32_t parent;        /* CODE_NONE for the function's block */
	uint32_t end;           /* index behind the last one within */
	uint32_t function;
};

/* NAME(...) in a function: of a function or of a macro that another file defines. */
struct code_call {
	uint32_t name;      /* token */
	uint32_t open, close;
	uint32_t function, statement;
	uint32_t next_same; /* the next call with that name, or CODE_NONE */
};

enum code_symbol_flag {
	CODE_Y_STATIC = 1, CODE_Y_EXTERN = 2, CODE_Y_TYPEDEF = 4, CODE_Y_CONST = 8, CODE_Y_VOLATILE = 16, CODE_Y_ATOMIC = 32,
	CODE_Y_UNSIGNED = 64, CODE_Y_PARAMETER = 128, CODE_Y_FUNCTION = 256, CODE_Y_THREAD = 512, CODE_Y_REGISTER = 1024,
	CODE_Y_REFERENCE = 2048,
};

enum code_type {
	CODE_T_OTHER, CODE_T_VOID, CODE_T_BOOL, CODE_T_CHAR, CODE_T_WCHAR, CODE_T_INT, CODE_T_FLOAT, CODE_T_DOUBLE, CODE_T_STRUCT,
	CODE_T_ENUM,
};

/* Something declared. */
struct code_symbol {
	uint32_t name;       /* in names */
	uint32_t token;      /* where */
	uint32_t first, last;/* tokens of the declarator, its initialiser included */
	uint32_t specifiers; /* first token of the declaration */
	uint32_t function;   /* in which; CODE_NONE in the file */
	uint32_t type_name;  /* tag or typedef, 0 for none */
	uint32_t next_same;  /* an earlier one of that name, or CODE_NONE */
	uint32_t next_global;/* an earlier one of that name of the file's own */
	uint16_t flags;
	uint8_t type;        /* enum code_type */
	uint8_t pointers, arrays;
};

/* struct, union or class with a body. */
struct code_record {
	uint32_t tag; /* in names; 0 for none */
	uint32_t open, close;
};

struct code_function {
	const char *symbol;       /* with its namespaces and classes: "net::Server::stop" */
	uint32_t name;            /* token */
	uint32_t first;           /* token of its declaration */
	uint32_t params, params_close;
	uint32_t body, body_close;
	uint32_t statement;       /* its block; CODE_NONE when it couldn't be read */
	uint32_t call, call_count;
	uint32_t symbol_first, symbol_count; /* parameters, then locals */
	uint32_t param_count;
	uint32_t unread;          /* statements of it that couldn't be read */
	bool is_static, old_style, returns_nothing;
};

struct code_unit {
	const struct code_tokens *raw;
	/* Macros expanded, dead branches left out. One behind the last is CODE_END. */
	struct code_token *tokens;
	uint32_t *name;   /* per token: identifier in names, else 0 */
	uint32_t *origin; /* per token: the one of raw->tokens that stands where it is seen */
	uint32_t *match;  /* per token: the other bracket, or CODE_NONE */
	uint32_t count;
	uint32_t *raw_name;  /* as name, per token of raw */
	uint32_t *word_name; /* and per word of directives */
	struct assay_span *names; /* names[0] is empty */
	uint32_t name_count;
	struct code_macro *macros;
	uint32_t macro_count;
	uint32_t *macro_of; /* per name: its last definition, or CODE_NONE */
	struct code_function *functions;
	uint32_t function_count;
	struct code_statement *statements;
	uint32_t statement_count;
	struct code_call *calls;
	uint32_t call_count;
	uint32_t *call_of;  /* per name: its first call, or CODE_NONE */
	struct code_symbol *symbols;
	uint32_t symbol_count;
	uint32_t *symbol_of; /* per name: its last symbol, or CODE_NONE */
	uint32_t *global_of; /* and the last of the file's own */
	struct code_record *records;
	uint32_t record_count;
	/* What wasn't read. */
	uint32_t branches;   /* left out by #if 0 and the like */
	uint32_t unexpanded; /* uses of macros that were left as they are */
	uint32_t unread;     /* pieces of code, those of functions included */
	uint32_t unmatched;  /* brackets */
};

/* Words that have the same number in every unit: names 1 to count. */
struct code_words {
	const char *const *items;
	uint32_t count;
};

/* words may be NULL. t must live as long as the unit. */
ASSAY_MUST_USE enum assay_status code_parse(const struct code_tokens *t, const struct code_words *words, struct arena *arena,
    struct code_unit *ret_unit, struct assay_error *err);

/* The function or macro that a line of the file belongs to, or NULL. */
const char *code_symbol_at(const struct code_unit *u, uint32_t line, struct arena *arena);
/* The function whose body or head a token stands in, or CODE_NONE. */
uint32_t code_function_at(const struct code_unit *u, uint32_t token);
/* Argument n of a call, from 0: its tokens, both inclusive; false when there is none. */
bool code_argument(const struct code_unit *u, uint32_t open, uint32_t n, uint32_t *ret_first, uint32_t *ret_last);
uint32_t code_argument_count(const struct code_unit *u, uint32_t open);
/* What a name stands for in a function (CODE_NONE: in the file), or NULL. */
const struct code_symbol *code_symbol_of(const struct code_unit *u, uint32_t function, uint32_t name);
/* The text of a name. */
struct assay_span code_name(const struct code_unit *u, uint32_t name);
/* Where a token is seen. */
uint32_t code_line(const struct code_unit *u, uint32_t token);
uint32_t code_column_of(const struct code_unit *u, uint32_t token);
