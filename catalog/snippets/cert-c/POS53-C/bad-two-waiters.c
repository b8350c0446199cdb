/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int left, right;

void
wait_left(void)
{
	pthread_mutex_lock(&a);
	while (left == 0)
		pthread_cond_wait(&ready, &a);
	pthread_mutex_unlock(&a);
}

void
wait_right(void)
{
	pthread_mutex_lock(&b);
	while (right == 0)
		pthread_cond_wait(&ready, &b); /* fault */
	pthread_mutex_unlock(&b);
}
