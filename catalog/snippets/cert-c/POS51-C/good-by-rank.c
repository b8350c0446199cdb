/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

struct account {
	pthread_mutex_t lock;
	unsigned id;
	int balance;
};

void
move(struct account *from, struct account *to, int amount)
{
	struct account *first = from, *second = to;
	if (to->id < from->id) {
		first = to;
		second = from;
	}
	pthread_mutex_lock(&first->lock);
	pthread_mutex_lock(&second->lock);
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&second->lock);
	pthread_mutex_unlock(&first->lock);
}
