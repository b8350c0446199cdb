/* SPDX-License-Identifier: Apache-2.0 */
static void mix(int *restrict out, const int *restrict in, int n)
{
	for (int i = 0; i < n; i++)
		out[i] += in[i];
}

void mix_self(int *samples, int n)
{
	mix(samples, samples, n); /* fault */
}
