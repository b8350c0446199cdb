/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct table {
	uint32_t count;
	uint32_t kind;
};

uint64_t *table_read(FILE *in)
{
	struct table t;
	uint64_t *rows;

	if (fread(&t, sizeof t, 1, in) != 1)
		return NULL;
	rows = malloc(t.count * sizeof *rows); /* fault */
	return rows;
}
