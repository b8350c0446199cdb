/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

int
take_turn(int me)
{
	if (pthread_mutex_lock(&lock) != 0)
		return -1;
	while (turn < me) {
		if (pthread_cond_wait(&cond, &lock) != 0)
			return -1;
	}
	turn++;
	if (pthread_cond_signal(&cond) != 0) /* fault */
		return -1;
	return pthread_mutex_unlock(&lock);
}
