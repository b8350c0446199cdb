/* SPDX-License-Identifier: Apache-2.0 */
static short samples[64];

long samples_sum(void)
{
	long sum = 0;

	for (short *p = samples; p < samples + sizeof samples / sizeof samples[0]; p++)
		sum += *p;
	return sum;
}
