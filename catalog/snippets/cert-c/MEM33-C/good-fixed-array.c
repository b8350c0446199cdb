/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct packet {
	size_t count;
	int data[4];
};

void
duplicate(struct packet *to, const struct packet *from)
{
	*to = *from;
}
