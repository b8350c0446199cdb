/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an object leads to. Commits and tags are read as git walks them, however malformed the rest of their header
 * is, so that a broken line hides no ancestor.
 */
#pragma once

#include <assay/status.h>
#include <codec/gitobj.h>

struct link {
	struct oid id;
	enum git_type type;     /* as the referring object has it; GIT_COMMIT for parents */
	bool parent;
	struct assay_span name; /* of a tree's entry */
};

/* Steps through: *cursor starts at 0. ASSAY_E_NOT_FOUND at the end, ASSAY_E_FORMAT for what can't be read. */
ASSAY_MUST_USE enum assay_status links_next(enum git_type type, struct assay_span bytes,
    enum oid_algo algo, size_t *cursor, struct link *ret_link, struct assay_error *err);
/* Hex of either case, as git reads it where it writes lower case alone. */
ASSAY_MUST_USE enum assay_status oid_parse_any(struct assay_span hex, enum oid_algo algo,
    struct oid *ret_id);
/* Git has this tree even when no store does. */
bool is_empty_tree(const struct oid *id, enum oid_algo algo);
