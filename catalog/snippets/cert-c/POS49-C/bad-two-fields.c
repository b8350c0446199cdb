/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

struct flags {
	unsigned one : 2;
	unsigned two : 2;
};

static struct flags shared;

static void *
first(void *arg)
{
	shared.one = 1; /* fault */
	return arg;
}

static void *
second(void *arg)
{
	shared.two = 2; /* fault */
	return arg;
}

int
start(pthread_t *t)
{
	int rc = (int)pthread_create(t, NULL, first, NULL);
	return rc + (int)pthread_create(t, NULL, second, NULL);
}
