/* SPDX-License-Identifier: Apache-2.0 */
int channel_sum(void)
{
	int channels[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	int sum = 0;

	for (int i = 0; i <= 8; i++)
		sum += channels[i]; /* fault */
	return sum;
}
