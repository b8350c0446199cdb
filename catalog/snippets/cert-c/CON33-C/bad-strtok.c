/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <threads.h>

static int words(void *text)
{
	int n = 0;

	for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " ")) /* fault */
		n++;
	return n;
}

int worker_start(thrd_t *t, char *text)
{
	return thrd_create(t, words, text);
}
