/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct packet {
	size_t count;
	int data[];
};

int use(struct packet *p);

int
start(void)
{
	struct packet local; /* fault */
	local.count = 0;
	return use(&local);
}
