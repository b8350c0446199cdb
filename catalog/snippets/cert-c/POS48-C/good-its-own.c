/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static void *
work(void *arg)
{
	pthread_mutex_t own;
	if (pthread_mutex_init(&own, NULL) != 0)
		return NULL;
	pthread_mutex_destroy(&own);
	return arg;
}

int
start(pthread_t *t)
{
	return pthread_create(t, NULL, work, NULL);
}
