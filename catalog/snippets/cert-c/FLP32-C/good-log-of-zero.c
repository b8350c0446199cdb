/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double decibel(double power)
{
	if (power > 0.0)
		return 10.0 * log10(power);
	return -HUGE_VAL;
}
