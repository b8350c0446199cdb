/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

struct state {
	unsigned ready : 1;
	unsigned done : 1;
};

static struct state *shared;

static void *
work(void *arg)
{
	shared->done |= 1; /* fault */
	return arg;
}

int
start(pthread_t *t, struct state *s)
{
	shared = s;
	return (int)pthread_create(t, NULL, work, NULL);
}
