/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a failure of the tests ends a script. */
#include "../../../src/ci/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Told with "bash -e {0}" unless the row says otherwise. */
static const struct {
	const char *text;
	bool ends;
	const char *shell;
} rows[] = {
	{ "make check", true, NULL },
	{ "make check\necho done", true, NULL },
	{ "make check\necho done", false, "bash {0}" },
	{ "make check\necho done", true, "bash -el {0}" },
	{ "make check\necho done", true, "bash --noprofile -o errexit {0}" },
	{ "make check", true, "bash -l {0}" },
	{ "set -e\nmake check\necho done", true, "bash {0}" },
	{ "set -- +e\nmake check\necho done", true, NULL },
	{ "(set +e; rm x)\nmake check\necho done", true, NULL },
	{ "{ set +e; rm x; }\nmake check\necho done", false, NULL },
	{ "make -j8 -C tests -k check", true, NULL },
	{ "make -sn check", false, NULL },
	{ "make -i check", false, NULL },
	{ "make check | tee log", false, NULL },
	{ "make check | tee log", true, "bash -eo pipefail {0}" },
	{ "make check | tee log", true, "bash -e -o pipefail {0}" },
	{ "make check | tee log", false, "bash -euo pipefail +o pipefail {0}" },
	{ "set -euo pipefail\nmake check | tee log\necho done", true, NULL },
	{ "set -o pipefail && make check | tee log", true, NULL },
	{ "run() {\n  set -o pipefail\n  make check | tee log\n}\nrun", true, NULL },
	{ "true || set -o pipefail\nmake check | tee log", false, NULL },
	{ "set -o pipefail &\nmake check | tee log", false, NULL },
	{ "echo 'int main;' | gcc -x c - && make check", true, NULL },
	{ "make check | tee log; exit ${PIPESTATUS[0]}", true, NULL },
	{ "make check | tee log; exit $PIPESTATUS", true, NULL },
	{ "make check | tee log; (( PIPESTATUS[0] == 0 ))", true, NULL },
	{ "make check | tee log\n[[ ${PIPESTATUS[*]} == '0 0' ]] || exit 1\necho done", true, NULL },
	{ "make check | tee log\n[ ${PIPESTATUS[0]} -ne 0 ] && exit 1\necho done", true, NULL },
	{ "echo | make check | tee log; exit ${PIPESTATUS[1]}", true, NULL },
	{ "echo | make check | tee log; exit ${PIPESTATUS[0]}", false, NULL },
	{ "make check | tee log\necho\nexit ${PIPESTATUS[0]}", false, NULL },
	{ "make check | tee log || exit ${PIPESTATUS[0]}", false, NULL },
	{ "make check | tee log\n: ${PIPESTATUS[0]}", false, NULL },
	{ "make check || exit", true, NULL },
	{ "make check || exit 0", false, NULL },
	{ "make check || true || exit 1", false, NULL },
	{ "make check || false || true", false, NULL },
	{ "make check || (exit 1) || true", false, NULL },
	{ "make check || (exit 1)", true, NULL },
	{ "make check || ./show-why", true, NULL },
	{ "make check || (echo failed; exit 1)", true, NULL },
	{ "make check || (echo failed)", false, NULL },
	{ "bad=0\nmake check || bad=1\nexit $bad", true, NULL },
	{ "bad=0\nmake check || bad=1\necho $bad", false, NULL },
	{ "for d in a b; do make check || continue; done", false, NULL },
	{ "for d in a b; do make check; done", true, NULL },
	{ "until make check; do sleep 1; done", true, NULL },
	{ "! make check || exit 1", false, NULL },
	{ "! make check && exit 1\necho done", true, NULL },
	{ "if make check && echo; then :; elif x; then :; else exit 1; fi", true, NULL },
	{ "if ! { make check; }; then exit 1; fi\necho", true, NULL },
	{ "if { make check; echo; }; then :; else exit 1; fi", false, NULL },
	{ "if ! make check; then fail; fi\necho", false, NULL },
	{ "fail() { echo; finish; }\nfinish() { exit 3; }\nif ! make check; then fail; fi\necho", true, NULL },
	{ "if x; then make check; fi\necho", true, NULL },
	{ "case $x in a) make check;; *) exit 1;; esac\necho", true, NULL },
	{ "case $x in a) make check && echo;; b) echo;; esac", true, NULL },
	{ "{ make check; echo; } | tee log", false, NULL },
	{ "(make check; echo)\necho", true, NULL },
	{ "(make check; echo) || true", false, NULL },
	{ "timeout 5 make check &", false, NULL },
};

static bool
ends(const char *text, const char *told)
{
	struct arena *arena = NULL;
	struct ci_command c;
	struct ci_shell shell = { .errexit = told == NULL };
	assert_int_equal(arena_new(1u << 28, &arena), ASSAY_OK);
	if (told != NULL)
		ci_shell_told(told, &shell);
	assert_int_equal(ci_command_look(text, &shell, arena, &c, NULL), ASSAY_OK);
	assert_true(c.read);
	arena_free(&arena);
	return (c.duties & CI_DUTY_TEST) != 0 && (c.soft & CI_DUTY_TEST) == 0;
}

static void
knows_what_ends_a_script(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (ends(rows[i].text, rows[i].shell) != rows[i].ends)
			fail_msg("%s", rows[i].text);
	}
}

/* Functions that call each other, and gates by the thousand, are looked at so long and no longer. */
static void
ends_itself(void **state)
{
	(void)state;
	static char text[1u << 17];
	static const char *const pieces[] = { "f() { f; f; f; f; }; make check || f\n", "make check || { x; }\n", "make check | a || b=1\n",
		"if x; then y; fi\nmake check && $?\n" };
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		const size_t n = strlen(pieces[i]), copies = (sizeof text - 1) / n;
		for (size_t k = 0; k < copies; k++)
			memcpy(text + k * n, pieces[i], n);
		text[copies * n] = '\0';
		(void)ends(text, "bash {0}");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_ends_a_script),
		cmocka_unit_test(ends_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
