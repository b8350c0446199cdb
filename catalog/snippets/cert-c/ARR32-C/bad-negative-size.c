/* SPDX-License-Identifier: Apache-2.0 */
int spread(int count)
{
	int limit = count;

	if (limit > 100)
		limit = 100;
	int bins[limit]; /* fault */

	for (int i = 0; i < limit; i++)
		bins[i] = i;
	return limit > 0 ? bins[limit - 1] : 0;
}
