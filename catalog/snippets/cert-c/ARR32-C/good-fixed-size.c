/* SPDX-License-Identifier: Apache-2.0 */
int spread(int count)
{
	int limit = count;
	int bins[100];

	if (limit > 100)
		limit = 100;
	for (int i = 0; i < limit; i++)
		bins[i] = i;
	return limit > 0 ? bins[limit - 1] : 0;
}
