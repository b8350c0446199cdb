/* SPDX-License-Identifier: Apache-2.0 */
int pair_sum(int left, int right)
{
	int both[2] = {left, right};
	int *p = both;
	int total = *p;

	total += *(p + 1);
	return total;
}
