/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double deviation(double mean_of_squares, double mean)
{
	double variance = mean_of_squares - mean * mean;

	if (variance < 0.0)
		variance = -1.0;
	if (variance == -1.0)
		return sqrt(-1.0); /* fault */
	return sqrt(variance);
}
