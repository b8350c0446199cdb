/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

int dose_add(int total, int step)
{
	if (step > 0 && total > INT_MAX - step)
		return INT_MAX;
	if (step < 0 && total < INT_MIN - step)
		return INT_MIN;
	return total + step;
}
