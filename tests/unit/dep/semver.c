/* SPDX-License-Identifier: Apache-2.0 */
/* The suite "dependencies" holds thousands of made-up ranges against npm's own reading; these are the kinds that there are. */
#include "../../../src/dep/semver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *version, *range;
	enum semver_answer answer;
} rows[] = {
	{ "1.2.3", "1.2.3", SEMVER_YES },
	{ "1.2.3", "=v1.2.3", SEMVER_YES },
	{ "1.2.4", "1.2.3", SEMVER_NO },
	{ "1.2.3", "", SEMVER_YES },
	{ "1.2.3", "*", SEMVER_YES },
	{ "1.2.3", "1", SEMVER_YES },
	{ "1.2.3", "1.x", SEMVER_YES },
	{ "2.0.0", "1.x", SEMVER_NO },
	{ "1.9.0", "^1.2.3", SEMVER_YES },
	{ "2.0.0", "^1.2.3", SEMVER_NO },
	{ "0.2.9", "^0.2.3", SEMVER_YES },
	{ "0.3.0", "^0.2.3", SEMVER_NO },
	{ "0.0.4", "^0.0.3", SEMVER_NO },
	{ "1.2.9", "~1.2.3", SEMVER_YES },
	{ "1.3.0", "~1.2.3", SEMVER_NO },
	{ "1.9.0", "~1", SEMVER_YES },
	{ "1.3.0", ">1.2", SEMVER_YES },
	{ "1.2.9", ">1.2", SEMVER_NO },
	{ "1.2.9", "<=1.2", SEMVER_YES },
	{ "2.3.9", "1.2 - 2.3", SEMVER_YES },
	{ "2.4.0", "1.2 - 2.3", SEMVER_NO },
	{ "3.0.0", "^1 || ^3", SEMVER_YES },
	{ "1.5.0", ">=1.2 <1.5", SEMVER_NO },
	{ "1.2.3-beta", "^1.2.3-alpha", SEMVER_YES },
	{ "1.2.4-beta", "^1.2.3-alpha", SEMVER_NO },
	{ "1.2.3-alpha.10", ">1.2.3-alpha.9", SEMVER_YES },
	{ "1.2.3-alpha.beta", ">1.2.3-alpha.9", SEMVER_YES },
	{ "1.2.3+build", "1.2.3+other", SEMVER_YES },
	{ "1.2.3", "latest", SEMVER_UNKNOWN },
	{ "1.2.3", "^1.2.3 or newer", SEMVER_UNKNOWN },
	{ "1.2.3", "1.2.3 - ", SEMVER_UNKNOWN },
	{ "1.2.3", "9007199254740993.0.0", SEMVER_UNKNOWN },
	{ "1.2.3", "01.2.3", SEMVER_UNKNOWN },
	{ "1.2", "1.2", SEMVER_UNKNOWN },
	{ "", "1.2", SEMVER_UNKNOWN },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum semver_answer answer = semver_satisfies(rows[i].version, rows[i].range);
		if (answer != rows[i].answer)
			fail_msg("'%s' in '%s' is %d", rows[i].version, rows[i].range, (int)answer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
