/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merkle tree hashes and proofs of RFC 6962 / RFC 9162 section 2.1, SHA-256.
 */
#pragma once

#include <assay/hash.h>
#include <stdint.h>

/* Longest proof: one node per bit of the size, and one. */
#define ASSAY_MERKLE_PROOF_MAX 65

struct assay_node {
	unsigned char b[ASSAY_SHA256_SIZE];
};

ASSAY_API ASSAY_MUST_USE enum assay_status assay_merkle_leaf(struct assay_span entry,
    struct assay_node *ret_hash);
ASSAY_API ASSAY_MUST_USE enum assay_status assay_merkle_inner(const struct assay_node *left,
    const struct assay_node *right, struct assay_node *ret_hash);
/* The root of the empty tree. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_merkle_empty(struct assay_node *ret_root);

/* ASSAY_OK when leaf is number index (from 0) in the tree of size leaves with root; else ASSAY_E_VERIFY. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_merkle_verify_inclusion(uint64_t index,
    uint64_t size, const struct assay_node *leaf, const struct assay_node *proof, size_t proof_len,
    const struct assay_node *root);

/* ASSAY_OK when the tree (size2, root2) extends (size1, root1); else ASSAY_E_VERIFY. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_merkle_verify_consistency(uint64_t size1,
    uint64_t size2, const struct assay_node *proof, size_t proof_len,
    const struct assay_node *root1, const struct assay_node *root2);
