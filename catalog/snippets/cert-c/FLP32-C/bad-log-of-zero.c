/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double decibel(double power)
{
	double floor = 0.0;

	if (power > floor)
		return 10.0 * log10(power);
	return 10.0 * log10(0.0); /* fault */
}
