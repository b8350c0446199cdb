/* SPDX-License-Identifier: Apache-2.0 */
double decay(double level, double step)
{
	double sum = 0.0;

	for (double left = 10.0; left > 0.0; left -= 0.25) /* fault */
		sum += level * step;
	return sum;
}
