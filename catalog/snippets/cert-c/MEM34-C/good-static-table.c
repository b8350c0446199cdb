/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static unsigned char scratch[512];

int selftest(size_t need)
{
	unsigned char *area = scratch;

	if (need > sizeof scratch)
		area = malloc(need);
	if (area == NULL)
		return -1;
	area[0] = 0xa5;
	if (area != scratch)
		free(area);
	return 0;
}
