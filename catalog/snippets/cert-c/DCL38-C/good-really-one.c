/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct cell {
	int tag;
	int value[1];
};

int
read_cell(const struct cell *c)
{
	return c->value[0];
}
