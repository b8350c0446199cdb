/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <base/catch.h>
#include <cmocka.h>
#include <stdlib.h>

static void
what_is_named_is_switched_off(void **state)
{
	(void)state;
	bool no = false, yes = true;
	setenv("ASSAY_MUTANT", "unit_named", 1);
	assert_false(CATCH(unit_named, yes));
	assert_true(CATCH(unit_other, yes));
	assert_true(CATCH(unit_name, yes));
	assert_false(CATCH(unit_named, no));
	assert_false(CATCH(unit_other, no));
	/* Read once: whoever changes it later changes nothing. */
	setenv("ASSAY_MUTANT", "unit_other", 1);
	assert_true(CATCH(unit_other, yes));
	assert_false(CATCH(unit_named, yes));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_named_is_switched_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
