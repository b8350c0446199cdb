/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

struct cell {
	pthread_mutex_t lock;
	int value;
};

int cell_take(struct cell *c)
{
	int value;

	if (pthread_mutex_lock(&c->lock) != 0)
		return -1;
	value = c->value;
	pthread_mutex_unlock(&c->lock);
	return value;
}

void cell_done(struct cell *c)
{
	(void)cell_take(c);
	pthread_mutex_destroy(&c->lock);
}
