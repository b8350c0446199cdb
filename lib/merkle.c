/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/merkle.h>

#include "crypto.h"

#include <string.h>

/* RFC 9162 section 2.1.1: leaves and inner nodes are hashed apart. */
static const unsigned char leaf_prefix[1] = { 0x00 };
static const unsigned char inner_prefix[1] = { 0x01 };

enum assay_status
assay_merkle_leaf(struct assay_span entry, struct assay_node *ret_hash)
{
	const struct assay_span parts[] = { { leaf_prefix, 1 }, entry };

	return crypto_hash_parts(ASSAY_SHA256, parts, 2, ret_hash->b);
}

enum assay_status
assay_merkle_inner(const struct assay_node *left, const struct assay_node *right,
    struct assay_node *ret_hash)
{
	unsigned char pair[1 + 2 * ASSAY_SHA256_SIZE];
	const struct assay_span all = { pair, sizeof pair };

	/* One block of bytes: the result may be one of the two nodes. */
	pair[0] = inner_prefix[0];
	memcpy(pair + 1, left->b, ASSAY_SHA256_SIZE);
	memcpy(pair + 1 + ASSAY_SHA256_SIZE, right->b, ASSAY_SHA256_SIZE);
	return crypto_hash_parts(ASSAY_SHA256, &all, 1, ret_hash->b);
}

enum assay_status
assay_merkle_empty(struct assay_node *ret_root)
{
	return assay_sha256((struct assay_span) { NULL, 0 }, ret_root->b);
}

static bool
same(const struct assay_node *a, const struct assay_node *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

/* RFC 9162 section 2.1.3.2. */
enum assay_status
assay_merkle_verify_inclusion(uint64_t index, uint64_t size, const struct assay_node *leaf,
    const struct assay_node *proof, size_t proof_len, const struct assay_node *root)
{
	enum assay_status result = ASSAY_E_VERIFY;

	if (index >= size || proof_len > ASSAY_MERKLE_PROOF_MAX)
		return result;
	uint64_t fn = index, sn = size - 1;
	struct assay_node r = *leaf;
	for (size_t i = 0; i < proof_len; i++) {
		enum assay_status hashed;

		if (sn == 0)
			return result;
		if ((fn & 1U) != 0 || fn == sn) {
			hashed = assay_merkle_inner(&proof[i], &r, &r);
			while ((fn & 1U) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			hashed = assay_merkle_inner(&r, &proof[i], &r);
		}
		if (hashed != ASSAY_OK)
			return hashed;
		fn >>= 1;
		sn >>= 1;
	}
	if (sn == 0 && same(&r, root))
		result = ASSAY_OK;
	return result;
}

struct two_roots {
	struct assay_node older, newer;
};

/* One step of RFC 9162 section 2.1.4.2 with the node c. */
static enum assay_status
consistency_step(uint64_t *fn, uint64_t *sn, const struct assay_node *c, struct two_roots *r)
{
	if ((*fn & 1U) != 0 || *fn == *sn) {
		enum assay_status status = assay_merkle_inner(c, &r->older, &r->older);
		if (status == ASSAY_OK)
			status = assay_merkle_inner(c, &r->newer, &r->newer);
		if (status != ASSAY_OK)
			return status;
		while ((*fn & 1U) == 0 && *fn != 0) {
			*fn >>= 1;
			*sn >>= 1;
		}
	} else {
		enum assay_status status = assay_merkle_inner(&r->newer, c, &r->newer);
		if (status != ASSAY_OK)
			return status;
	}
	*fn >>= 1;
	*sn >>= 1;
	return ASSAY_OK;
}

/* size1 < size2, neither 0. RFC 9162 section 2.1.4.2. */
static enum assay_status
verify_growth(uint64_t size1, uint64_t size2, const struct assay_node *proof, size_t proof_len,
    const struct assay_node *root1, const struct assay_node *root2)
{
	enum assay_status result = ASSAY_E_VERIFY;
	uint64_t fn = size1 - 1, sn = size2 - 1;
	bool whole = (size1 & (size1 - 1)) == 0;

	/* When size1 is a power of two its root is itself a node of the larger tree. */
	if (proof_len == 0 && !whole)
		return result;
	while ((fn & 1U) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	const struct assay_node *first = whole ? root1 : proof;
	struct two_roots r = { *first, *first };
	for (size_t i = whole ? 0 : 1; i < proof_len; i++) {
		if (sn == 0)
			return result;
		enum assay_status status = consistency_step(&fn, &sn, &proof[i], &r);
		if (status != ASSAY_OK)
			return status;
	}
	if (sn == 0 && same(&r.older, root1) && same(&r.newer, root2))
		result = ASSAY_OK;
	return result;
}

enum assay_status
assay_merkle_verify_consistency(uint64_t size1, uint64_t size2, const struct assay_node *proof,
    size_t proof_len, const struct assay_node *root1, const struct assay_node *root2)
{
	enum assay_status result = ASSAY_E_VERIFY;

	/* Any tree extends the empty one: a proof of that says nothing, and is not taken for one. */
	if (size1 == 0 || size1 > size2 || proof_len > ASSAY_MERKLE_PROOF_MAX)
		return result;
	if (size1 < size2)
		return verify_growth(size1, size2, proof, proof_len, root1, root2);
	if (proof_len == 0 && same(root1, root2))
		result = ASSAY_OK;
	return result;
}
