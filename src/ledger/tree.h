/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 6962 trees over a store that keeps the hash of every complete subtree.
 */
#pragma once

#include "store.h"

/* The complete subtrees of a log, one a set bit of its size; adding entries keeps them up to date.
 */
struct frontier {
	uint64_t size;
	struct assay_node peak[64]; /* of level i, where bit i of size is set */
};

/* Called for each subtree that becomes complete, leaves included. */
typedef enum assay_status (*frontier_node)(void *ctx, unsigned level, uint64_t index,
    const struct assay_node *node, struct assay_error *err);

ASSAY_MUST_USE enum assay_status frontier_load(
    struct store *s, uint64_t size, struct frontier *ret_frontier, struct assay_error *err);
ASSAY_MUST_USE enum assay_status frontier_add(struct frontier *f, struct assay_span entry,
    frontier_node fn, void *ctx, struct assay_error *err);
ASSAY_MUST_USE enum assay_status frontier_root(
    const struct frontier *f, struct assay_node *ret_root, struct assay_error *err);

/* The hash of entries [from, to); from is a multiple of a power of two ≥ to - from. */
ASSAY_MUST_USE enum assay_status tree_range(struct store *s, uint64_t from, uint64_t to,
    struct assay_node *ret_hash, struct assay_error *err);
