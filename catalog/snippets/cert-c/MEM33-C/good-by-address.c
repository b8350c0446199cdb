/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct packet {
	size_t count;
	int data[];
};

size_t
size_of(const struct packet *p)
{
	return p->count;
}
