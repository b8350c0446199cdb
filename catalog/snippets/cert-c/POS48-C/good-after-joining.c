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
	return arg;
}

int
run(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, work, NULL) != 0)
		return -1;
	if (pthread_join(t, NULL) != 0)
		return -1;
	return pthread_mutex_destroy(&lock);
}
