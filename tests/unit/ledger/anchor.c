/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"
#include <base/cleanup.h>
#include <ledger/anchor.h>

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define TEXT "example.org/pump\n7\n" ROOT "\n"
/* A signature line of four bytes of key hash and 64 of signature, all zero. */
#define SIGNED                                                                                     \
	"\n\xe2\x80\x94 example.org/pump "                                                         \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static const struct found_row {
	const char *message;
	enum assay_status status;
	bool is_signed;
} found_rows[] = {
	{ "assay-checkpoint:\n" TEXT, ASSAY_OK, false },
	{ "assay-checkpoint:\n" TEXT SIGNED, ASSAY_OK, true },
	{ "version 7\n\nnotes\n\nassay-checkpoint:\n" TEXT SIGNED, ASSAY_OK, true },
	{ "version 7\nassay-checkpoint:\n" TEXT SIGNED "\n\n", ASSAY_OK, true },
	{ "assay-checkpoint:\n" TEXT "more\n" SIGNED "-----BEGIN SSH SIGNATURE-----\nxx\n", ASSAY_OK, true },
	{ "assay-checkpoint:\n" TEXT "-----BEGIN PGP SIGNATURE-----\nassay-checkpoint:\n", ASSAY_OK, false },
	{ "", ASSAY_E_NOT_FOUND, false },
	{ "version 7\n", ASSAY_E_NOT_FOUND, false },
	{ " assay-checkpoint:\n" TEXT, ASSAY_E_NOT_FOUND, false },
	{ "assay-checkpoint: \n" TEXT, ASSAY_E_NOT_FOUND, false },
	{ "-----BEGIN SSH SIGNATURE-----\nassay-checkpoint:\n" TEXT, ASSAY_E_NOT_FOUND, false },
	{ "assay-checkpoint:\n" TEXT "assay-checkpoint:\n" TEXT, ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\n" TEXT SIGNED "\nassay-checkpoint:\n" TEXT, ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\n", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\nexample.org/pump\n7\n", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\nexample.org/pump\n07\n" ROOT "\n", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\nexample.org/pump\n-1\n" ROOT "\n", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\nexample.org/pump\n7\nAAAA\n", ASSAY_E_FORMAT, false },
	{ "assay-checkpoint:\n" TEXT "\nsigned by nobody\n", ASSAY_E_FORMAT, false },
};

static void
test_find(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof found_rows / sizeof found_rows[0]; i++) {
		struct anchor a;
		struct assay_error err;
		enum assay_status status
		    = anchor_find(assay_span_str(found_rows[i].message), &a, &err);
		if (status != found_rows[i].status)
			fail_msg("row %zu: status %d, %s", i, (int)status, err.what);
		if (status != ASSAY_OK)
			continue;
		assert_true(assay_span_equal(a.checkpoint.origin, assay_span_str("example.org/pump")));
		assert_int_equal(a.checkpoint.size, 7);
		assert_int_equal(a.note.signatures.len > 0, found_rows[i].is_signed);
	}
}

static enum anchor_state
compare(struct ledger *l, struct assay_span origin, uint64_t size, const struct assay_node *root)
{
	struct assay_checkpoint c = { .origin = origin, .size = size, .root = *root };
	enum anchor_state state = ANCHOR_FOREIGN;
	struct assay_error err;

	assert_int_equal(anchor_compare(l, "example.org/pump", &c, &state, &err), ASSAY_OK);
	return state;
}

static void
test_compare(void **state)
{
	struct scratch *s = *state;
	CLEANUP(ledger_close) struct ledger *l = NULL;
	struct assay_span ours = assay_span_str("example.org/pump");
	struct assay_span entries[5];
	struct assay_node roots[6];
	struct assay_error err;
	uint64_t first = 0;

	assert_int_equal(ledger_open(s->folder, true, &l, &err), ASSAY_OK);
	for (size_t i = 0; i < 5; i++)
		entries[i] = assay_span_str("an entry");
	assert_int_equal(ledger_append(l, entries, 5, &first, &err), ASSAY_OK);
	for (uint64_t n = 0; n <= 5; n++) {
		assert_int_equal(ledger_root_at(l, n, &roots[n], &err), ASSAY_OK);
		assert_int_equal(compare(l, ours, n, &roots[n]), ANCHOR_CONSISTENT);
	}
	assert_int_equal(compare(l, ours, 4, &roots[5]), ANCHOR_FORKED);
	assert_int_equal(compare(l, ours, 0, &roots[1]), ANCHOR_FORKED);
	assert_int_equal(compare(l, ours, 6, &roots[5]), ANCHOR_AHEAD);
	assert_int_equal(compare(l, ours, UINT64_MAX, &roots[5]), ANCHOR_AHEAD);
	assert_int_equal(compare(l, assay_span_str("other"), 5, &roots[5]), ANCHOR_FOREIGN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test_setup_teardown(test_compare, scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests_name("anchors", tests, NULL, NULL);
}
