/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct packet {
	size_t count;
	int data[];
};

struct packet *
make(size_t count)
{
	struct packet *p = malloc(sizeof(struct packet) + sizeof(int) * count);
	if (p == NULL)
		return NULL;
	p->count = count;
	return p;
}
