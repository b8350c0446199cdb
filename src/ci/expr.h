/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expression language of GitHub's workflows, as documented: literals, contexts, property and index access, "*", operators
 * and functions. Nothing is evaluated but what can be known beforehand.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>

#define EXPR_DEPTH_MAX 50
#define EXPR_LENGTH_MAX 21000
#define EXPR_PATH_MAX 1024

enum expr_kind {
	EXPR_NULL,
	EXPR_BOOL,   /* text "true" or "false" */
	EXPR_NUMBER,
	EXPR_STRING,
	EXPR_NAME,   /* a context: text */
	EXPR_MEMBER, /* left . text */
	EXPR_INDEX,  /* left [ right ] */
	EXPR_STAR,   /* left . * and left [ * ] */
	EXPR_CALL,   /* text ( args ) */
	EXPR_NOT,    /* ! left */
	EXPR_BINARY, /* left text right */
};

struct expr {
	enum expr_kind kind;
	const char *text;
	struct expr *left, *right;
	struct expr *args; /* linked by next */
	struct expr *next;
};

/* ASSAY_E_FORMAT with words, the column counting in the text. */
ASSAY_MUST_USE enum assay_status expr_parse(struct assay_span text, struct arena *arena, struct expr **ret_expr,
    struct assay_error *err);

/* One "${{ ... }}" of a text. */
struct expr_piece {
	size_t begin, end;       /* of the whole, in the text */
	struct assay_span inner; /* between the braces */
};
/* The next piece at or after *cursor; false when there is none. closed is false when its "}}" is missing. */
bool expr_next(const char *text, size_t *cursor, struct expr_piece *ret_piece, bool *ret_closed);

/*
 * "github.event.commits.*.message" in lower case for what is made of names, members, literal indices and stars; a computed index
 * gives "?". False for everything else, and when it doesn't fit.
 */
bool expr_path(const struct expr *e, char *path, size_t room);
/* Whether path is what the pattern names; '*' in the pattern is one component, and so are '*' and '?' in path. */
bool expr_path_match(const char *pattern, const char *path);
/* Whether the pattern names something below path. */
bool expr_path_above(const char *path, const char *pattern);

/*
 * What is known of a value beforehand. Texts that begin with one of these signs stand for what isn't known to the letter:
 * EXPR_OWN is the project's own and may equal any literal; EXPR_STRANGER is a stranger's and equals nothing that is written, save
 * a bot's name, which anybody can come to stand behind; EXPR_BESIDE equals only those words that its own text lists.
 */
#define EXPR_OWN '\001'
#define EXPR_STRANGER '\002'
#define EXPR_BESIDE '\003'
struct expr_value {
	bool known;
	bool string;       /* not empty: true, whatever it says */
	const char *text;  /* strings, numbers, booleans ("true") and null ("") as text */
};
/* known values of contexts: fills ret_value for a path. */
typedef void expr_lookup(const char *path, struct expr_value *ret_value, void *context);

enum expr_truth { EXPR_FALSE, EXPR_TRUE, EXPR_OPEN };
enum expr_truth expr_truth(const struct expr *e, expr_lookup *lookup, void *context);

/* Calls visit for e and all in it, parents first. */
void expr_walk(const struct expr *e, void (*visit)(const struct expr *e, void *context), void *context);
/* Calls visit for each path in e (see expr_path) that isn't part of a longer one; e is the path's node. */
void expr_paths(const struct expr *e, void (*visit)(const char *path, const struct expr *e, void *context), void *context);
bool expr_is_call(const struct expr *e, const char *name);
