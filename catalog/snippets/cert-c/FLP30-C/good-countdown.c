/* SPDX-License-Identifier: Apache-2.0 */
double decay(double level, double step)
{
	double sum = 0.0;

	for (int left = 40; left > 0; left--)
		sum += level * step;
	return sum;
}
