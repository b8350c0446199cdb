/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct record {
	char serial[12];
	unsigned hours;
};

void record_fill(struct record *r, const char source[16])
{
	char local[12];

	memcpy(local, source, 16); /* fault */
	memcpy(r->serial, local, sizeof local);
	r->hours = 0;
}
