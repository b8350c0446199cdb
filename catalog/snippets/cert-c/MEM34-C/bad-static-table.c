/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static unsigned char scratch[512];

unsigned char *work_area(size_t need)
{
	if (need > sizeof scratch)
		return malloc(need);
	return scratch;
}

int selftest(void)
{
	unsigned char *area = scratch;

	area[0] = 0xa5;
	if (area[0] != 0xa5)
		return -1;
	free(scratch); /* fault */
	return 0;
}
