/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

struct account {
	mtx_t lock;
	int balance;
};

void
move(struct account *from, struct account *to, int amount)
{
	mtx_lock(&from->lock);
	mtx_lock(&to->lock); /* fault */
	from->balance -= amount;
	to->balance += amount;
	mtx_unlock(&to->lock);
	mtx_unlock(&from->lock);
}
