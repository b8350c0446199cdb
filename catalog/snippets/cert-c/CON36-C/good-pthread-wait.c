/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int packets;

void packet_await(void)
{
	pthread_mutex_lock(&lock);
	while (packets == 0)
		pthread_cond_wait(&arrived, &lock);
	packets--;
	pthread_mutex_unlock(&lock);
}
