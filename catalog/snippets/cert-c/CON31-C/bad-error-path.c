/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

struct queue {
	mtx_t guard;
	int count;
	int closed;
};

int queue_close(struct queue *q)
{
	if (mtx_lock(&q->guard) != thrd_success)
		return -1;
	q->closed = 1;
	if (q->count == 0) {
		mtx_destroy(&q->guard); /* fault */
		return 0;
	}
	mtx_unlock(&q->guard);
	return 1;
}
