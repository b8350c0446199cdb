/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct queue {
	int *slots;
	unsigned used;
};

int *slot_new(struct queue *q, unsigned *count)
{
	int *fresh = calloc(1, sizeof q->slots[0]);

	(*count)++;
	if (fresh != NULL)
		q->slots = fresh;
	return fresh;
}
