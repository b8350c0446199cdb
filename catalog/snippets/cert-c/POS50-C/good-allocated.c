/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

void *child(void *arg);

int
start(pthread_t *t)
{
	int *value = malloc(sizeof *value);
	if (value == NULL)
		return -1;
	*value = 1;
	return pthread_create(t, NULL, child, value);
}
