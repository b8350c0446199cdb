/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *
work(void *arg)
{
	if (pthread_mutex_trylock(&lock) != 0) {
		(void)pthread_mutex_destroy(&lock); /* fault */
		return NULL;
	}
	(void)pthread_mutex_unlock(&lock);
	return arg;
}

int
start(pthread_t *t)
{
	return pthread_create(t, NULL, work, NULL);
}
