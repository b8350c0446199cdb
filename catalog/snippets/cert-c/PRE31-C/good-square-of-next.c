/* SPDX-License-Identifier: Apache-2.0 */
#define SQUARE(x) ((x) * (x))

long energy(const short *samples, int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++)
		sum += SQUARE(samples[i]);
	return sum;
}
