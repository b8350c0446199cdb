/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct limits {
	double low;
	double high;
};

void limits_parse(struct limits *l, const char *low, const char *high)
{
	l->low = atof(low); /* fault */
	l->high = atof(high); /* fault */
}
