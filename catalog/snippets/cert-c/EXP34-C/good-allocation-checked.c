/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct ring {
	unsigned head;
	unsigned tail;
	unsigned char data[256];
};

struct ring *ring_new(void)
{
	struct ring *r = malloc(sizeof *r);

	if (r == NULL)
		return NULL;
	r->head = 0;
	r->tail = 0;
	return r;
}
