/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts of the POSIX shell (XCU 2.2 to 2.10) and what bash adds to it every day, read and never run: which commands there are,
 * what feeds which, and what stands in each word under which quotes. A template that a CI system fills in before any shell sees
 * the text ("${{ ... }}", "$[[ ... ]]") is a part of its own, under every kind of quote.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>

#define SHELL_SIZE_MAX (1u << 20)
#define SHELL_DEPTH_MAX 32     /* of substitutions, groups and quotes inside each other */
#define SHELL_PARTS_MAX 200000 /* parts, words, commands together */

enum shell_part_kind {
	SHELL_LITERAL,    /* text, without its quotes */
	SHELL_VARIABLE,   /* text is its name; inner what stands behind an operator: ${NAME:-inner} */
	SHELL_COMMAND,    /* $(...) and `...`: script */
	SHELL_PROCESS,    /* <(...) and >(...): script; text is "<" or ">" */
	SHELL_ARITHMETIC, /* $((...)): text, unread */
	SHELL_TEMPLATE,   /* text is what stands between "${{" and "}}" or "$[[" and "]]", blanks trimmed */
};

enum shell_quote { SHELL_BARE, SHELL_DOUBLE, SHELL_SINGLE };

struct shell_script;

struct shell_part {
	enum shell_part_kind kind;
	enum shell_quote quote;
	const char *text;
	const char *op; /* of a variable: what stands between its name and inner (":-", "%%", "!" before the name), or "" */
	const struct shell_part *inner;
	const struct shell_script *script;
	unsigned line, column; /* from 1, in the text */
	struct shell_part *next;
};

struct shell_word {
	struct shell_part *first;
	const char *text; /* the word without its quotes when it is literal in full, else NULL */
	const char *raw;  /* as written */
	unsigned line, column;
	struct shell_word *next;
};

struct shell_redirect {
	const char *op; /* "<", ">", ">>", "<<" (also for "<<-"), "<<<", "&>", ">&" ... */
	const struct shell_word *target; /* of "<<": the document's text as one word */
	struct shell_redirect *next;
};

struct shell_assign {
	const char *name;
	bool append;               /* NAME+=value */
	const struct shell_word *value; /* of an array: its words */
	unsigned line, column;
	struct shell_assign *next;
};

enum shell_command_kind {
	SHELL_SIMPLE, /* assigns, words */
	SHELL_GROUP,  /* { } and ( ) */
	SHELL_IF,     /* body: conditions and branches, in order */
	SHELL_LOOP,   /* for, select, while, until; name and words of a for */
	SHELL_CASE,   /* words: what is compared; body: all branches in order */
	SHELL_FUNCTION, /* name */
};

struct shell_command {
	enum shell_command_kind kind;
	const char *name;
	struct shell_assign *assigns;
	struct shell_word *words;
	struct shell_redirect *redirects;
	struct shell_script *body;
	unsigned parts;         /* lists in body */
	bool subshell;          /* ( ) */
	const char *arithmetic; /* "((...))" of a command or a for: its text, unread; else NULL */
	unsigned line, column;
	struct shell_command *next; /* which it is piped into */
};

enum shell_join { SHELL_THEN, SHELL_AND, SHELL_OR, SHELL_BACKGROUND };

struct shell_pipeline {
	struct shell_command *first;
	bool negated;
	bool condition;       /* of an "if", "while" or "until" */
	unsigned part;        /* which list of its compound command it belongs to, from 0: condition, branch, condition ... */
	enum shell_join join; /* with what follows: ";" or a new line, "&&", "||", "&" */
	struct shell_pipeline *next;
};

struct shell_script {
	struct shell_pipeline *first, *last;
};

/* ASSAY_E_FORMAT for what no shell would read, with its place in the text; ASSAY_E_LIMIT over a cap. */
ASSAY_MUST_USE enum assay_status shell_parse(struct assay_span text, struct arena *arena,
    const struct shell_script **ret_script, struct assay_error *err);

/* Called for each command, also those inside of groups, functions and substitutions; false ends the walk. */
typedef bool shell_visitor(const struct shell_command *c, const struct shell_pipeline *in, void *context);
/* False when a visitor ended it. In the order of the text, what is inside of a command after it. */
bool shell_walk(const struct shell_script *s, shell_visitor *visit, void *context);

/* The same for what is inside of one command, but for its body: substitutions in its words, assignments and redirections. */
bool shell_walk_inside(const struct shell_command *c, shell_visitor *visit, void *context);

/*
 * The word that names the command which runs in the end: past "sudo", "env A=b", "timeout 5", "exec" and the like. NULL when
 * there is none.
 */
const struct shell_word *shell_program(const struct shell_command *c);
/* The first word of a command that the program runs behind a verb of its own ("poetry run", "find -exec"), or NULL. */
const struct shell_word *shell_runs(const struct shell_command *c);
/* A literal word's last path component ("/usr/bin/curl": "curl"), "" for any other and for NULL. */
const char *shell_name(const struct shell_word *program);
/* Whether a program of this name runs text that it is given as a script: sh, bash, python3, perl, node ... */
bool shell_is_interpreter(const char *name);
/* The word whose text the command runs as a script ("sh -c WORD", "eval WORD ...": the first), or NULL. */
const struct shell_word *shell_code(const struct shell_command *c);

/* Something downloaded that is run without having been checked. */
struct shell_fetched {
	const char *how; /* "piped", "substituted", "saved": then run from a file */
	const char *url; /* as written, or "" when it isn't to be seen */
	unsigned line, column; /* where it is run */
	struct shell_fetched *next;
};

#define SHELL_FETCHED_MAX 1000

/* All of them in the order of the text, NULL for none. */
ASSAY_MUST_USE enum assay_status shell_find_fetched(const struct shell_script *s, struct arena *arena,
    const struct shell_fetched **ret_first, struct assay_error *err);
