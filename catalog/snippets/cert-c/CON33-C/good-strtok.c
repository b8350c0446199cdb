/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <string.h>
#include <threads.h>

static int words(void *text)
{
	char *kept = NULL;
	int n = 0;

	for (char *w = strtok_r(text, " ", &kept); w != NULL; w = strtok_r(NULL, " ", &kept))
		n++;
	return n;
}

int worker_start(thrd_t *t, char *text)
{
	return thrd_create(t, words, text);
}
