/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

struct flags {
	unsigned char one;
	unsigned char two;
};

static struct flags shared;

static void *
first(void *arg)
{
	shared.one = 1;
	return arg;
}

int
start(pthread_t *t)
{
	return (int)pthread_create(t, NULL, first, NULL);
}
