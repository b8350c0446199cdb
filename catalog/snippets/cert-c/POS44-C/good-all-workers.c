/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>

struct pool {
	pthread_t threads[4];
	int running;
	atomic_int stop;
};

void pool_stop(struct pool *p)
{
	atomic_store(&p->stop, 1);
	for (int i = 0; i < p->running; i++)
		if (pthread_join(p->threads[i], NULL) != 0)
			return;
	p->running = 0;
}
