/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <base/catch.h>
#include <cmocka.h>
#include <stdlib.h>

#ifdef ASSAY_MUTANTS
#define NAMED_CHECK_HOLDS false
#else
#define NAMED_CHECK_HOLDS true
#endif

static void
only_the_mutants_build_switches_off_what_is_named(void **state)
{
	(void)state;
	bool no = false, yes = true;
	setenv("ASSAY_MUTANT", "unit_named", 1);
	assert_int_equal(CATCH(unit_named, yes), NAMED_CHECK_HOLDS);
	assert_true(CATCH(unit_other, yes));
	assert_true(CATCH(unit_name, yes));
	assert_false(CATCH(unit_named, no));
	assert_false(CATCH(unit_other, no));
	/* Read once: whoever changes it later changes nothing. */
	setenv("ASSAY_MUTANT", "unit_other", 1);
	assert_true(CATCH(unit_other, yes));
	assert_int_equal(CATCH(unit_named, yes), NAMED_CHECK_HOLDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_mutants_build_switches_off_what_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
