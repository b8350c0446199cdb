/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static int hits[4];

static void *
count(void *arg)
{
	hits[0]++; /* fault */
	return arg;
}

int
start(pthread_t *t)
{
	return pthread_create(t, NULL, count, NULL);
}
