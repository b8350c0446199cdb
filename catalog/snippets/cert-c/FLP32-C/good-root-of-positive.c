/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double deviation(double mean_of_squares, double mean)
{
	double variance = mean_of_squares - mean * mean;

	if (variance < 0.0)
		variance = 0.0;
	return sqrt(variance);
}
