/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct packet {
	size_t count;
	int data[1]; /* fault */
};

struct packet *
make(size_t count)
{
	struct packet *p = malloc(sizeof(struct packet) + sizeof(int) * (count - 1));
	if (p == NULL)
		return NULL;
	p->count = count;
	for (size_t i = 0; i < count; i++)
		p->data[i] = 1;
	return p;
}
