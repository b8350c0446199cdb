/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

struct pool {
	pthread_t threads[4];
	int running;
};

void pool_stop(struct pool *p)
{
	for (int i = 0; i < p->running; i++)
		if (pthread_kill(p->threads[i], SIGTERM) != 0) /* fault */
			return;
	p->running = 0;
}
