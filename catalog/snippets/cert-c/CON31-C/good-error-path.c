/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

struct queue {
	mtx_t guard;
	int count;
	int closed;
};

int queue_close(struct queue *q)
{
	int count;

	if (mtx_lock(&q->guard) != thrd_success)
		return -1;
	q->closed = 1;
	count = q->count;
	mtx_unlock(&q->guard);
	if (count == 0) {
		mtx_destroy(&q->guard);
		return 0;
	}
	return 1;
}
