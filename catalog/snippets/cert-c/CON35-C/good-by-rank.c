/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

struct account {
	mtx_t lock;
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
	mtx_lock(&first->lock);
	mtx_lock(&second->lock);
	from->balance -= amount;
	to->balance += amount;
	mtx_unlock(&second->lock);
	mtx_unlock(&first->lock);
}
