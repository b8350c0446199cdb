/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

int dose_add(int total, int step)
{
	if (total + step < total) /* fault */
		return INT_MAX;
	return total + step;
}
