/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a ledger's entries and tree nodes lie. Each function is one small step; log.c and tree.c
 * make a log of them. A node (level, index) is the hash of the complete subtree over entries [index
 * << level, (index + 1) << level).
 */
#pragma once

#include <assay/merkle.h>
#include <base/buf.h>
#include <stdbool.h>

/* Most entries: far beyond any use, and far from where 64-bit arithmetic on sizes could wrap. */
#define STORE_SIZE_MAX (UINT64_C(1) << 40)

struct store;

/* ASSAY_E_NOT_FOUND when absent and not to be created; ASSAY_E_VERIFY when damaged; ASSAY_E_VERSION
 * when newer. */
ASSAY_MUST_USE enum assay_status store_open(
    const char *folder, bool create, struct store **ret_store, struct assay_error *err);
void store_close(struct store **s);
/* The file, for messages. */
const char *store_name(const struct store *s);

/* From here to store_commit nobody else writes, and all or nothing of it lasts. */
ASSAY_MUST_USE enum assay_status store_begin(struct store *s, struct assay_error *err);
/* A view of one moment, until store_rollback. */
ASSAY_MUST_USE enum assay_status store_begin_read(struct store *s, struct assay_error *err);
ASSAY_MUST_USE enum assay_status store_commit(struct store *s, struct assay_error *err);
/* Nothing when no transaction is open. */
void store_rollback(struct store *s);

ASSAY_MUST_USE enum assay_status store_head(
    struct store *s, uint64_t *ret_size, struct assay_node *ret_root, struct assay_error *err);
ASSAY_MUST_USE enum assay_status store_set_head(
    struct store *s, uint64_t size, const struct assay_node *root, struct assay_error *err);
/* ASSAY_E_VERIFY when there is one already. */
ASSAY_MUST_USE enum assay_status store_put_entry(
    struct store *s, uint64_t index, struct assay_span bytes, struct assay_error *err);
ASSAY_MUST_USE enum assay_status store_put_node(struct store *s, unsigned level, uint64_t index,
    const struct assay_node *node, struct assay_error *err);
/* ASSAY_E_NOT_FOUND when there is none. Appends the bytes to out. */
ASSAY_MUST_USE enum assay_status store_get_entry(
    struct store *s, uint64_t index, struct buf *out, struct assay_error *err);
ASSAY_MUST_USE enum assay_status store_get_node(struct store *s, unsigned level, uint64_t index,
    struct assay_node *ret_node, struct assay_error *err);
/* Rows that lie outside [0, size), or are more than a tree of size entries has: ASSAY_E_VERIFY
 * names the first. */
ASSAY_MUST_USE enum assay_status store_no_more_than(
    struct store *s, uint64_t size, struct assay_error *err);
