/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct recorder {
	FILE *out;
	unsigned rows;
};

int recorder_open(struct recorder *r, const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return -1;
	r->out = f;
	r->rows = 0;
	return 0;
}
