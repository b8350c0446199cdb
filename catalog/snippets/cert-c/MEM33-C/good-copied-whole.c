/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

struct packet {
	size_t count;
	int data[];
};

void
duplicate(struct packet *to, const struct packet *from)
{
	memcpy(to, from, sizeof *from + from->count * sizeof from->data[0]);
}
