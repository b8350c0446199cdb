/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int rate_parse(const char *row, unsigned *ret_rate)
{
	unsigned rate = 0;

	if (sscanf(row, "rate %u", &rate) != 1) /* fault */
		return -1;
	*ret_rate = rate;
	return 0;
}
