/* SPDX-License-Identifier: Apache-2.0 */
#define SQUARE(x) ((x) * (x))

long energy(const short *samples, int count)
{
	long sum = 0;
	int i = 0;

	while (i < count)
		sum += SQUARE(samples[i++]); /* fault */
	return sum;
}
