/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

struct queue {
	pthread_mutex_t put, get;
	pthread_cond_t room, item;
	int count;
};

int
wait_room(struct queue *q)
{
	while (q->count > 9) {
		if (pthread_cond_wait(&q->room, &q->put) != 0)
			return -1;
	}
	return 0;
}

int
wait_item(struct queue *q)
{
	while (q->count == 0) {
		if (pthread_cond_wait(&q->item, &q->get) != 0)
			return -1;
	}
	return 0;
}
