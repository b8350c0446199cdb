/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static volatile int level;

void *sampler(void *arg)
{
	int before;

	if (pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before) != 0)
		return NULL;
	for (;;) {
		level++;
		pthread_testcancel();
	}
	return arg;
}
