/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct limits {
	short low;
	short high;
};

int limits_parse(const char *row, struct limits *l)
{
	return sscanf(row, "%hd %hd", &l->low, &l->high) == 2 ? 0 : -1;
}
