/* SPDX-License-Identifier: Apache-2.0 */
/* Hashers, and fs-verity digests: at once, in pieces, and of blocks that were hashed elsewhere. */
#include <assay/fsverity.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hex.h"

#define LARGEST (128u * 128 * 4096 + 1)

static unsigned char *file; /* LARGEST bytes */

/* As "fsverity digest" prints them of files of zero bytes, made with truncate(1). */
static const struct {
	size_t size;
	const char *digest;
} zero_files[] = {
	{ 0, "3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95" },
	{ 1, "b803429503d95915829b29fdbc8bbad142f3abfd11b1cadf5526582e685c0551" },
	{ 4095, "5372beb83c78537c8970c8361e3254119fafdf1763854ecd57d3f0fe2da7c719" },
	{ 4096, "babc284ee4ffe7f449377fbf6692715b43aec7bc39c094a95878904d34bac97e" },
	{ 4097, "093756e4ea9683329106d4a16982682ed182c14bf076463a9e7f97305cbac743" },
	{ 128 * 4096 - 1, "5b687cddd72baf4a3bac1bc525c4a8121ba81544c71fc48460f0a96d7ba8bef6" },
	{ 128 * 4096, "2d15bd7832895de85aa3d5bdfb57251e27bbec75ff467408340ab3eba858a2e1" },
	{ 128 * 4096 + 1, "e4143a5705610b7ad2eb85482cfc033c7062a89b9faf9118603f592d53fd10e0" },
	{ LARGEST - 2, "557a01c377c1c49801ba57426c654b0349ae6713aae2d8b1033f6609ffd55d79" },
	{ LARGEST - 1, "382b8844ad09fb5f7b53e0fc27413cd4e72f47d69604dac5d4865e609ba33c53" },
	{ LARGEST, "be5993679f703697692cc6ce69e480edc9721baff591795438ae8097275c0687" },
};

/* The same of files whose byte number i is i * 7 + i / 4096. */
static const struct {
	size_t size;
	const char *digest;
} patterned_files[] = {
	{ 4096, "87a706bdba32be89a173dc11d6a91c08165b4dcfcf743988c94595e82934a41a" },
	{ 4097, "5c6077f10edc31c27b2a65cbaa199e2cfd36998bf104ccd2f7395eb509682064" },
	{ 1000000, "b484e38704cd0c215b808fe96674fbb2f4e37f8ef8993dfb7929be92b77b6d96" },
};

static void
expect(const unsigned char digest[32], const char *hex, size_t size)
{
	unsigned char wanted[32];

	from_hex(hex, wanted, sizeof wanted);
	if (memcmp(digest, wanted, sizeof wanted) != 0)
		fail_msg("%zu bytes", size);
}

static void
pattern(size_t size)
{
	for (size_t i = 0; i < size; i++)
		file[i] = (unsigned char)((i * 7 + i / 4096) & 0xff);
}

static void
digests_are_the_kernels(void **state)
{
	unsigned char digest[32];

	(void)state;
	memset(file, 0, LARGEST);
	for (size_t i = 0; i < sizeof zero_files / sizeof zero_files[0]; i++) {
		size_t size = zero_files[i].size;
		assert_int_equal(assay_fsverity_digest((struct assay_span) { file, size }, digest), ASSAY_OK);
		expect(digest, zero_files[i].digest, size);
	}
	pattern(1000000);
	for (size_t i = 0; i < sizeof patterned_files / sizeof patterned_files[0]; i++) {
		size_t size = patterned_files[i].size;
		assert_int_equal(assay_fsverity_digest((struct assay_span) { file, size }, digest), ASSAY_OK);
		expect(digest, patterned_files[i].digest, size);
	}
}

static void
pieces_make_the_whole(void **state)
{
	static const size_t pieces[] = { 1, 31, 4095, 4096, 4097, 100000 };
	const size_t size = 1000000;
	struct assay_fsverity v;
	unsigned char digest[32];

	(void)state;
	pattern(size);
	for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
		assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
		for (size_t at = 0; at < size; at += pieces[p]) {
			size_t len = size - at < pieces[p] ? size - at : pieces[p];
			assert_int_equal(assay_fsverity_update(&v, (struct assay_span) { file + at, len }), ASSAY_OK);
		}
		assert_int_equal(assay_fsverity_final(&v, digest), ASSAY_OK);
		expect(digest, patterned_files[2].digest, pieces[p]);
		assay_fsverity_done(&v);
	}
}

/* The digests of a file's blocks, the last one filled with zero bytes. */
static size_t
leaves(size_t size, unsigned char *out)
{
	unsigned char block[ASSAY_FSVERITY_BLOCK];
	size_t count = 0;

	for (size_t at = 0; at < size; at += sizeof block, count++) {
		memset(block, 0, sizeof block);
		memcpy(block, file + at, size - at < sizeof block ? size - at : sizeof block);
		assert_int_equal(assay_sha256((struct assay_span) { block, sizeof block }, out + 32 * count), ASSAY_OK);
	}
	return count;
}

static void
blocks_hashed_elsewhere_make_the_whole(void **state)
{
	unsigned char *row = malloc(32 * (LARGEST / 4096 + 1));

	(void)state;
	assert_non_null(row);
	memset(file, 0, LARGEST);
	for (size_t i = 0; i < sizeof zero_files / sizeof zero_files[0]; i++) {
		size_t size = zero_files[i].size, count = leaves(size, row), half = count / 2;
		struct assay_fsverity v;
		unsigned char digest[32];

		/* The first half as digests, then one block as bytes when there is one, then digests. */
		size_t bytes = half + 1 < count ? 4096 : 0, rest = half + bytes / 4096;
		assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
		assert_int_equal(assay_fsverity_update_blocks(&v, (struct assay_span) { row, 32 * half }, 4096 * half), ASSAY_OK);
		assert_int_equal(assay_fsverity_update(&v, (struct assay_span) { file, bytes }), ASSAY_OK);
		assert_int_equal(assay_fsverity_update_blocks(&v, (struct assay_span) { row + 32 * rest, 32 * (count - rest) },
		                     size - 4096 * rest),
		    ASSAY_OK);
		assert_int_equal(assay_fsverity_final(&v, digest), ASSAY_OK);
		expect(digest, zero_files[i].digest, size);
		/* Level by level, in place. */
		for (; count > 1; count = (count + 127) / 128)
			assert_int_equal(assay_fsverity_level(row, count, row), ASSAY_OK);
		assert_int_equal(assay_fsverity_file_digest(size == 0 ? NULL : row, size, digest), ASSAY_OK);
		expect(digest, zero_files[i].digest, size);
	}
	free(row);
}

/* The third level's border, of files of zero bytes as above: 128 * 128 * 128 blocks, less a byte, and with one more. */
static void
large_files_have_one_level_more(void **state)
{
	static const char *const digests[] = { "658fd16614e91a65c4f74c8e4885a458338a99e30be0191ddcf29822892f371f",
		"00dd23905fe4ddc4dc5b9a5c0d86139377c38361e64f8312da6ef8f461d1b0c5",
		"c9edc0b71ef6a67bebfcb5cbceb13f04da52ea3308cf272cff705cd05161020a" };
	static unsigned char row[32 * 1024];
	const uint64_t border = UINT64_C(128) * 128 * 128 * 4096;

	(void)state;
	memset(file, 0, 4096);
	for (size_t i = 0; i < sizeof row; i += 32)
		assert_int_equal(leaves(4096, row + i), 1);
	for (uint64_t i = 0; i < 3; i++) {
		struct assay_fsverity v;
		unsigned char digest[32];
		assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
		for (uint64_t at = 0; at + 1024 * 4096 < border; at += 1024 * 4096)
			assert_int_equal(assay_fsverity_update_blocks(&v, (struct assay_span) { row, sizeof row }, 1024 * 4096), ASSAY_OK);
		assert_int_equal(assay_fsverity_update_blocks(&v, (struct assay_span) { row, sizeof row }, 1024 * 4096 - (i == 0)), ASSAY_OK);
		if (i == 2)
			assert_int_equal(assay_fsverity_update(&v, (struct assay_span) { file, 1 }), ASSAY_OK);
		assert_int_equal(assay_fsverity_final(&v, digest), ASSAY_OK);
		expect(digest, digests[i], (size_t)i);
	}
}

static void
fsverity_refuses_what_does_not_fit(void **state)
{
	static const unsigned char row[64];
	struct assay_fsverity v = { 0 };
	unsigned char digest[32];
	const struct assay_span one = { row, 32 }, two = { row, 64 }, odd = { row, 33 }, none = { NULL, 0 };

	(void)state;
	assay_fsverity_done(&v);
	assert_int_equal(assay_fsverity_update(&v, one), ASSAY_E_USAGE);
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 4096), ASSAY_E_USAGE);
	assert_int_equal(assay_fsverity_final(&v, digest), ASSAY_E_USAGE);
	const struct {
		struct assay_span digests;
		uint64_t size;
	} misfits[] = { { one, 0 }, { one, 4097 }, { two, 4096 }, { odd, 4096 }, { none, 1 }, { one, UINT64_MAX } };
	for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
		assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
		assert_int_equal(assay_fsverity_update_blocks(&v, misfits[i].digests, misfits[i].size), ASSAY_E_USAGE);
		assert_int_equal(assay_fsverity_final(&v, digest), ASSAY_E_USAGE);
	}
	/* Nothing follows a short block, and digests begin at a block's border. */
	assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 1), ASSAY_OK);
	assert_int_equal(assay_fsverity_update(&v, one), ASSAY_E_USAGE);
	assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 1), ASSAY_OK);
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 4096), ASSAY_E_USAGE);
	assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
	assert_int_equal(assay_fsverity_update(&v, one), ASSAY_OK);
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 4096), ASSAY_E_USAGE);
	/* As if so many bytes had come. */
	assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
	v.size = UINT64_MAX - 4095;
	assert_int_equal(assay_fsverity_update_blocks(&v, one, 4096), ASSAY_E_LIMIT);
	assert_int_equal(assay_fsverity_init(&v), ASSAY_OK);
	v.size = UINT64_MAX - 31;
	assert_int_equal(assay_fsverity_update(&v, one), ASSAY_E_LIMIT);
	assert_int_equal(assay_fsverity_level(row, 0, digest), ASSAY_E_USAGE);
	assert_int_equal(assay_fsverity_file_digest(NULL, 1, digest), ASSAY_E_USAGE);
}

/* FIPS 180-4's message of 896 bits, and what comes out of sha256sum and its sisters for it. */
static const char message[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
                              "nopqrstu";
static const struct {
	enum assay_hash hash;
	size_t size;
	const char *digest;
} hashes[] = {
	{ ASSAY_SHA256, 32, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	{ ASSAY_SHA384, 48,
	    "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039" },
	{ ASSAY_SHA512, 64,
	    "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433a"
	    "c7d329eeb6dd26545e96e55b874be909" },
};

static void
hashers_take_any_pieces(void **state)
{
	struct assay_span all = assay_span_str(message);

	(void)state;
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
		unsigned char digest[ASSAY_HASH_SIZE_MAX], wanted[ASSAY_HASH_SIZE_MAX];
		struct assay_span want = from_hex(hashes[i].digest, wanted, sizeof wanted);
		assert_int_equal(assay_hash_size(hashes[i].hash), hashes[i].size);
		for (size_t piece = 1; piece <= all.len; piece++) {
			struct assay_hasher h;
			assert_int_equal(assay_hasher_init(&h, hashes[i].hash), ASSAY_OK);
			for (size_t at = 0; at < all.len; at += piece) {
				size_t len = all.len - at < piece ? all.len - at : piece;
				assert_int_equal(assay_hasher_update(&h, (struct assay_span) { all.data + at, len }), ASSAY_OK);
				assert_int_equal(assay_hasher_update(&h, (struct assay_span) { NULL, 0 }), ASSAY_OK);
			}
			assert_int_equal(assay_hasher_final(&h, digest), ASSAY_OK);
			assert_memory_equal(digest, want.data, want.len);
			assay_hasher_done(&h);
		}
	}
	unsigned char digest[ASSAY_SHA384_SIZE], wanted[ASSAY_SHA384_SIZE];
	from_hex(hashes[1].digest, wanted, sizeof wanted);
	assert_int_equal(assay_sha384(all, digest), ASSAY_OK);
	assert_memory_equal(digest, wanted, sizeof wanted);
}

static void
hashers_keep_their_order(void **state)
{
	struct assay_hasher h = { 0 };
	unsigned char digest[ASSAY_HASH_SIZE_MAX];

	(void)state;
	assay_hasher_done(&h);
	assert_int_equal(assay_hasher_update(&h, assay_span_str("a")), ASSAY_E_USAGE);
	assert_int_equal(assay_hasher_final(&h, digest), ASSAY_E_USAGE);
	assert_int_equal(assay_hasher_init(&h, (enum assay_hash)3), ASSAY_E_USAGE);
	assert_int_equal(assay_hasher_update(&h, assay_span_str("a")), ASSAY_E_USAGE);
	assert_int_equal(assay_hash_size((enum assay_hash)3), 0);
	assert_int_equal(assay_hasher_init(&h, ASSAY_SHA512), ASSAY_OK);
	assert_int_equal(assay_hasher_final(&h, digest), ASSAY_OK);
	assert_int_equal(assay_hasher_final(&h, digest), ASSAY_E_USAGE);
	assert_int_equal(assay_hasher_init(&h, ASSAY_SHA512), ASSAY_OK);
	assay_hasher_done(&h);
	assay_hasher_done(&h);
	assert_int_equal(assay_hasher_update(&h, assay_span_str("a")), ASSAY_E_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_the_kernels),
		cmocka_unit_test(pieces_make_the_whole),
		cmocka_unit_test(blocks_hashed_elsewhere_make_the_whole),
		cmocka_unit_test(large_files_have_one_level_more),
		cmocka_unit_test(fsverity_refuses_what_does_not_fit),
		cmocka_unit_test(hashers_take_any_pieces),
		cmocka_unit_test(hashers_keep_their_order),
	};

	file = malloc(LARGEST);
	if (file == NULL)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(file);
	return failed;
}
