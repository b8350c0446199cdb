/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdio.h>

int volume_total(FILE *in)
{
	int first = 0;
	int second = 0;

	if (fscanf(in, "%d %d", &first, &second) != 2)
		return -1;
	if (first < 0 || second < 0 || first > INT_MAX - second)
		return -1;
	return first + second;
}
