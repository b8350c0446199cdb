/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enough of a test framework: a table of cases, and checks that say where they failed.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			(void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			check_failures++; \
		} \
	} while (0)

#define CHECK_STRING(is, wanted) \
	do { \
		if (strcmp((is), (wanted)) != 0) { \
			(void)fprintf(stderr, "%s:%d: '%s' is not '%s'\n", __FILE__, __LINE__, (is), (wanted)); \
			check_failures++; \
		} \
	} while (0)

struct check_case {
	const char *name;
	void (*run)(void);
};

static inline int
check_main(const struct check_case *cases, size_t count)
{
	int failed = 0;
	for (size_t i = 0; i < count; i++) {
		int before = check_failures;
		cases[i].run();
		failed += check_failures != before;
		(void)printf("%s %s\n", check_failures == before ? "ok    " : "FAILED", cases[i].name);
	}
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
