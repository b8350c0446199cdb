/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed checkpoints and proofs as text: C2SP signed-note, tlog-checkpoint, tlog-proof.
 */
#pragma once

#include <assay/note.h>
#include <ledger/log.h>
#include <trust/note.h>

/* The checkpoint as a note; without a signer it ends after the blank line. */
ASSAY_MUST_USE enum assay_status note_checkpoint(struct ledger *ledger, const char *origin,
    struct signer *signer, struct buf *out, struct assay_error *err);
/* Base64 of each node on a line. */
void note_nodes(const struct assay_node *nodes, size_t count, struct buf *out);
/* c2sp.org/tlog-proof: the entry's number, its inclusion proof, the checkpoint it leads to. */
ASSAY_MUST_USE enum assay_status note_proof(struct ledger *ledger, const char *origin,
    struct signer *signer, uint64_t index, uint64_t size, const struct assay_node *nodes,
    size_t count, struct buf *out, struct assay_error *err);
/*
 * ASSAY_OK when the ledger is, or extends, what the checkpoint says, signed or bare; ASSAY_E_VERIFY when it was rewritten or is shorter. vkey
 * (may be NULL) must have signed it.
 */
ASSAY_MUST_USE enum assay_status note_hold_against(struct ledger *ledger, const char *origin,
    struct assay_span note, const char *vkey, struct assay_error *err);
