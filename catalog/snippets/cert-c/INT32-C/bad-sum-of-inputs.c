/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int volume_total(FILE *in)
{
	int first = 0;
	int second = 0;

	if (fscanf(in, "%d %d", &first, &second) != 2)
		return -1;
	return first + second; /* fault */
}
