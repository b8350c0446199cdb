/* SPDX-License-Identifier: Apache-2.0 */
/* Merkle proofs, against trees built from the definition (RFC 9162 section 2.1). */
#include <assay/merkle.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LEAVES 66

static struct assay_node leaves[LEAVES];

static int
make_leaves(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEAVES; i++) {
		unsigned char entry = (unsigned char)i;
		assert_int_equal(assay_merkle_leaf((struct assay_span) { &entry, 1 }, &leaves[i]), ASSAY_OK);
	}
	return 0;
}

static size_t
split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH, section 2.1.1. */
static struct assay_node
tree(const struct assay_node *first, size_t n)
{
	struct assay_node left, right, out;

	if (n == 0) {
		assert_int_equal(assay_merkle_empty(&out), ASSAY_OK);
		return out;
	}
	if (n == 1)
		return first[0];
	size_t k = split(n);
	left = tree(first, k);
	right = tree(first + k, n - k);
	assert_int_equal(assay_merkle_inner(&left, &right, &out), ASSAY_OK);
	return out;
}

/* PATH, section 2.1.3.1. */
static size_t
path(size_t m, const struct assay_node *first, size_t n, struct assay_node *out)
{
	if (n == 1)
		return 0;
	size_t k = split(n);
	if (m < k) {
		size_t len = path(m, first, k, out);
		out[len] = tree(first + k, n - k);
		return len + 1;
	}
	size_t len = path(m - k, first + k, n - k, out);
	out[len] = tree(first, k);
	return len + 1;
}

/* SUBPROOF, section 2.1.4.1. */
static size_t
subproof(size_t m, const struct assay_node *first, size_t n, bool whole, struct assay_node *out)
{
	if (m == n) {
		if (!whole)
			out[0] = tree(first, n);
		return whole ? 0 : 1;
	}
	size_t k = split(n);
	if (m <= k) {
		size_t len = subproof(m, first, k, whole, out);
		out[len] = tree(first + k, n - k);
		return len + 1;
	}
	size_t len = subproof(m - k, first + k, n - k, false, out);
	out[len] = tree(first, k);
	return len + 1;
}

static bool
included(uint64_t i, uint64_t n, const struct assay_node *proof, size_t len,
    const struct assay_node *root)
{
	return assay_merkle_verify_inclusion(i, n, &leaves[i % LEAVES], proof, len, root) == ASSAY_OK;
}

static void
each_leaf_of_each_tree_is_included(void **state)
{
	struct assay_node proof[ASSAY_MERKLE_PROOF_MAX + 1];

	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		struct assay_node root = tree(leaves, n);
		for (size_t i = 0; i < n; i++) {
			size_t len = path(i, leaves, n, proof);
			proof[len] = root;
			assert_true(included(i, n, proof, len, &root));
			assert_false(included(i, n, proof, len + 1, &root));
			assert_false(len > 0 && included(i, n, proof, len - 1, &root));
			assert_false(included(i + n, n, proof, len, &root));
			assert_false(i + 1 < n && included(i + 1, n, proof, len, &root));
			for (size_t k = 0; k < len; k++) {
				proof[k].b[31] ^= 1;
				assert_false(included(i, n, proof, len, &root));
				proof[k].b[31] ^= 1;
			}
			root.b[0] ^= 0x80;
			assert_false(included(i, n, proof, len, &root));
			root.b[0] ^= 0x80;
		}
	}
}

static bool
consistent(uint64_t m, uint64_t n, const struct assay_node *proof, size_t len,
    const struct assay_node *old, const struct assay_node *new)
{
	return assay_merkle_verify_consistency(m, n, proof, len, old, new) == ASSAY_OK;
}

static void
each_tree_extends_each_smaller_one(void **state)
{
	struct assay_node proof[ASSAY_MERKLE_PROOF_MAX + 1];

	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		struct assay_node new = tree(leaves, n);
		for (size_t m = 1; m <= n; m++) {
			struct assay_node old = tree(leaves, m);
			size_t len = subproof(m, leaves, n, true, proof);

			proof[len] = new;
			assert_true(consistent(m, n, proof, len, &old, &new));
			assert_false(consistent(m, n, proof, len + 1, &old, &new));
			assert_false(len > 0 && consistent(m, n, proof, len - 1, &old, &new));
			assert_false(m != n && consistent(n, m, proof, len, &new, &old));
			for (size_t k = 0; k < len; k++) {
				proof[k].b[0] ^= 1;
				assert_false(consistent(m, n, proof, len, &old, &new));
				proof[k].b[0] ^= 1;
			}
			old.b[5] ^= 1;
			assert_false(consistent(m, n, proof, len, &old, &new));
		}
		struct assay_node empty = tree(leaves, 0);
		assert_false(consistent(0, n, proof, 0, &empty, &new));
	}
}

/* Sizes near the end of the range must not wrap. */
static void
extreme_sizes_are_refused(void **state)
{
	static struct assay_node proof[ASSAY_MERKLE_PROOF_MAX + 1];

	(void)state;
	assert_false(included(UINT64_MAX, UINT64_MAX, proof, 0, &leaves[0]));
	assert_false(included(0, 0, proof, 0, &leaves[0]));
	assert_false(included(UINT64_MAX - 1, UINT64_MAX, proof, ASSAY_MERKLE_PROOF_MAX, &leaves[0]));
	assert_false(included(0, UINT64_MAX, proof, ASSAY_MERKLE_PROOF_MAX + 1, &leaves[0]));
	assert_false(consistent(UINT64_MAX - 1, UINT64_MAX, proof, 65, &leaves[0], &leaves[1]));
	assert_false(consistent(1, UINT64_MAX, proof, 0, &leaves[0], &leaves[0]));
	assert_false(consistent(1, 2, proof, 66, &leaves[0], &leaves[1]));
}

/* A leaf's bytes that look like an inner node don't hash as one. */
static void
leaves_and_nodes_hash_apart(void **state)
{
	unsigned char pair[64];
	struct assay_node as_leaf, as_node;

	(void)state;
	memcpy(pair, leaves[0].b, 32);
	memcpy(pair + 32, leaves[1].b, 32);
	assert_int_equal(assay_merkle_leaf((struct assay_span) { pair, 64 }, &as_leaf), ASSAY_OK);
	assert_int_equal(assay_merkle_inner(&leaves[0], &leaves[1], &as_node), ASSAY_OK);
	assert_memory_not_equal(as_leaf.b, as_node.b, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_leaf_of_each_tree_is_included),
		cmocka_unit_test(each_tree_extends_each_smaller_one),
		cmocka_unit_test(extreme_sizes_are_refused),
		cmocka_unit_test(leaves_and_nodes_hash_apart),
	};

	return cmocka_run_group_tests(tests, make_leaves, NULL);
}
