/* SPDX-License-Identifier: Apache-2.0 */
/* seal.drill: what the drill tries and what a record is judged by are one list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <inside.h>

static void
test_each_row_has_an_attack(void **state)
{
	(void)state;
	for (size_t i = 0; i < drill_row_count; i++) {
		const struct drill_row *row = &drill_rows[i];
		const struct attack *attack = row->name == NULL ? NULL : attack_find(row->name);
		if (row->kind != DRILL_ATTACK) {
			assert_null(row->name);
			assert_true(row->must == 0 && row->may == 0);
			continue;
		}
		if (attack == NULL)
			fail_msg("'%s' is '%s', which no record has", row->id, row->name);
		/* One that must be told is one by which the judge lets it pass. */
		for (size_t k = 1; k < ASSAY_RELEASE_CODES; k++) {
			const char *code = assay_release_code_name((enum assay_release_code)k);
			if ((row->must >> k & 1) != 0 && !attack_expects(attack, code))
				fail_msg("'%s' must be rejected as '%s', and '%s' isn't judged so", row->id, code, row->name);
		}
		assert_true(row->must != 0 || row->may != 0);
	}
}

static void
test_each_attack_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < attack_count; i++) {
		bool has = false;
		for (size_t k = 0; k < drill_row_count; k++)
			has = has || (drill_rows[k].name != NULL && strcmp(drill_rows[k].name, attacks[i].name) == 0);
		if (!has)
			fail_msg("nothing tries '%s'", attacks[i].name);
	}
}

static void
test_names_stand_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < drill_row_count; i++) {
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(drill_rows[i].id, drill_rows[k].id);
	}
	for (size_t i = 0; i < attack_count; i++)
		assert_ptr_equal(attack_find(attacks[i].name), &attacks[i]);
	assert_null(attack_find("none"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row_has_an_attack),
		cmocka_unit_test(test_each_attack_has_a_row),
		cmocka_unit_test(test_names_stand_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
