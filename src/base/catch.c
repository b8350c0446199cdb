/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mutants build alone, where it is compiled with lib: which check is switched off.
 */
#include "include/base/catch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 4096

/* Read once, so that the answer is the same for a whole run whoever changes the environment. */
static const char *switched_off;
static int seen_fd = -1; /* where the names of checks go that found something, each once */
static const char *seen[NAMES_MAX];
static size_t seen_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
read_environment(void)
{
	const char *fd = getenv("ASSAY_MUTANT_SEEN");
	if (fd != NULL && fd[0] != '\0')
		seen_fd = (int)strtol(fd, NULL, 10);
	switched_off = getenv("ASSAY_MUTANT");
}

static void
tell(const char *name)
{
	char line[128];
	pthread_mutex_lock(&lock);
	bool known = seen_count == NAMES_MAX;
	for (size_t i = 0; i < seen_count && !known; i++)
		known = strcmp(seen[i], name) == 0;
	if (!known) {
		seen[seen_count++] = name;
		const int len = snprintf(line, sizeof line, "%s\n", name);
		/* A name that can't be told would make its check look untested, which somebody would look into. */
		if (len > 0 && write(seen_fd, line, (size_t)len) != len)
			seen_fd = -1;
	}
	pthread_mutex_unlock(&lock);
}

bool
catch_switched_off(const char *name)
{
	pthread_once(&once, read_environment);
	if (seen_fd >= 0)
		tell(name);
	return switched_off != NULL && strcmp(switched_off, name) == 0;
}
