/* SPDX-License-Identifier: Apache-2.0 */
int pair_sum(int left, int right)
{
	int first = left;
	int second = right;
	int *p = &first;
	int total = *p;

	total += *(p + 1); /* fault */
	return total + second;
}
