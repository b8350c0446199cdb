/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

struct flags {
	unsigned one : 2;
	unsigned two : 2;
};

static struct flags shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *
first(void *arg)
{
	pthread_mutex_lock(&lock);
	shared.one = 1;
	pthread_mutex_unlock(&lock);
	return arg;
}

int
start(pthread_t *t)
{
	return (int)pthread_create(t, NULL, first, NULL);
}
