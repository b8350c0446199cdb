/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int data;

static void *
work(void *arg)
{
	pthread_mutex_lock(&lock);
	data++;
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock); /* fault */
	return arg;
}

int
start(pthread_t *t)
{
	return pthread_create(t, NULL, work, NULL);
}
