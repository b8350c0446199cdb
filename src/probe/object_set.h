/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that a probe keeps, and the members that it makes of them.
 */
#pragma once

#include <evidence/tree.h>

struct object_set {
	struct arena *arena;       /* keeps their bytes */
	const char *what;          /* for errors: "HEAD's folders and files" */
	size_t most;               /* bytes of all together */
	struct tree_object *items; /* own memory, grows */
	size_t count, room;
	uint64_t bytes;
};

void object_set_done(struct object_set *s);
/* Copies the bytes. ASSAY_E_LIMIT when there are too many together. */
enum assay_status object_set_add(struct object_set *s, const struct oid *id, enum git_type type,
    struct assay_span bytes, struct assay_error *err);
/* Sorts by id, and keeps one of each. */
void object_set_settle(struct object_set *s);
/* All of them, settled, in the form of cat-file; the bytes are the arena's. */
enum assay_status object_set_stream(struct object_set *s, enum oid_algo algo, size_t cap,
    struct assay_span *ret_bytes, struct assay_error *err);
/* A member's text, moved to the arena. what is for errors. */
enum assay_status object_set_keep(struct arena *arena, const struct buf *text, const char *what,
    struct assay_span *ret_bytes, struct assay_error *err);
