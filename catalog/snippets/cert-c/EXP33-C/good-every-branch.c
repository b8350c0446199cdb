/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int mode_limit(int mode)
{
	int limit;

	if (mode == 1)
		limit = 400;
	else if (mode == 2)
		limit = 1200;
	else
		limit = 0;
	printf("limit %d\n", limit);
	return 0;
}
