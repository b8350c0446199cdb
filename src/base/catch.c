/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mutants build alone: which check is switched off. Empty in every other build.
 */
#include <base/catch.h>

#ifdef ASSAY_MUTANTS
#include <pthread.h>

/* Read once, so that the answer is the same for a whole run whoever changes the environment. */
static const char *switched_off;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
read_environment(void)
{
	switched_off = getenv("ASSAY_MUTANT");
}

bool
catch_switched_off(const char *name)
{
	pthread_once(&once, read_environment);
	return switched_off != NULL && strcmp(switched_off, name) == 0;
}
#else
/* An empty translation unit is not C. */
typedef int catch_is_off_in_this_build;
#endif
