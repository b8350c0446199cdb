/* SPDX-License-Identifier: Apache-2.0 */
int samples_equal(const float *a, const float *b)
{
	for (int i = 0; i < 4; i++)
		if (a[i] < b[i] || a[i] > b[i])
			return 0;
	return 1;
}
