/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger: an RFC 6962 Merkle log of what was seen and said, append-only, in the state folder.
 */
#pragma once

#include <assay/merkle.h>
#include <base/buf.h>
#include <stdbool.h>

#define LEDGER_ENTRY_MAX (1u << 20)

struct ledger;

/* Opens or creates folder/ledger.db. ASSAY_E_VERIFY when its own integrity check fails, ASSAY_E_VERSION when newer. */
ASSAY_MUST_USE enum assay_status ledger_open(const char *folder, bool create,
    struct ledger **ret_ledger, struct assay_error *err);
void ledger_close(struct ledger **ledger);
/* Appends entries in one transaction; *ret_first is the index of the first. */
ASSAY_MUST_USE enum assay_status ledger_append(struct ledger *ledger, const struct assay_span *entries,
    size_t count, uint64_t *ret_first, struct assay_error *err);
ASSAY_MUST_USE enum assay_status ledger_head(struct ledger *ledger, uint64_t *ret_size,
    struct assay_node *ret_root, struct assay_error *err);
/* The root when the log had size entries. */
ASSAY_MUST_USE enum assay_status ledger_root_at(struct ledger *ledger, uint64_t size,
    struct assay_node *ret_root, struct assay_error *err);
ASSAY_MUST_USE enum assay_status ledger_entry(struct ledger *ledger, uint64_t index, struct buf *out,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status ledger_inclusion(struct ledger *ledger, uint64_t index, uint64_t size,
    struct assay_node ret_proof[ASSAY_MERKLE_PROOF_MAX], size_t *ret_len, struct assay_error *err);
ASSAY_MUST_USE enum assay_status ledger_consistency(struct ledger *ledger, uint64_t size1,
    uint64_t size2, struct assay_node ret_proof[ASSAY_MERKLE_PROOF_MAX], size_t *ret_len,
    struct assay_error *err);
/* Every leaf and node computed again from the entries: ASSAY_E_VERIFY names the first that differs. */
ASSAY_MUST_USE enum assay_status ledger_verify(struct ledger *ledger, struct assay_error *err);
