/* SPDX-License-Identifier: Apache-2.0 */
static int samples[32];

long samples_sum(void)
{
	const int *end = samples + 32;
	long sum = 0;

	for (const int *p = samples; p != end; p++)
		sum += *p;
	return sum;
}
