/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON written by others (RFC 8259), every value with its place, for findings that name a line. What two readers could take
 * for two things is refused: duplicate keys, NUL in text, lone surrogates, bytes that aren't UTF-8. A byte order mark is passed over.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>

#define JSONTREE_SIZE_MAX (16u << 20)
#define JSONTREE_DEPTH_MAX 256
#define JSONTREE_NODES_MAX 500000

enum jsontree_kind { JSONTREE_NULL, JSONTREE_BOOL, JSONTREE_NUMBER, JSONTREE_STRING, JSONTREE_ARRAY, JSONTREE_OBJECT };

struct jsontree {
	enum jsontree_kind kind;
	bool truth;            /* of a bool */
	unsigned line, column; /* from 1; of an object's member, those of its key */
	const char *key;       /* in an object; NULL elsewhere */
	const char *text;      /* string, decoded; number, as written */
	struct jsontree *first; /* children, in the order of the file */
	struct jsontree *next;
	size_t count;
	struct jsontree **sorted; /* of an object: its members by key */
};

/* name stands in errors. ASSAY_E_FORMAT with line and column, ASSAY_E_LIMIT over a cap. */
ASSAY_MUST_USE enum assay_status jsontree_parse(struct assay_span bytes, const char *name,
    struct arena *arena, struct jsontree **ret_root, struct assay_error *err);
/* The member of this key; NULL when there is none, or object is NULL or no object. */
const struct jsontree *jsontree_get(const struct jsontree *object, const char *key);
/* The text of a string member; NULL when there is none. */
const char *jsontree_str(const struct jsontree *object, const char *key);
/* Whether the member is there and true. */
bool jsontree_true(const struct jsontree *object, const char *key);
