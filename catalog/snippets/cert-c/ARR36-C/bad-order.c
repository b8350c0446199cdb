/* SPDX-License-Identifier: Apache-2.0 */
int order(void)
{
	char first[8] = "bed";
	char second[8] = "ward";
	char *a = first;
	char *b = second;

	if (a < b) /* fault */
		return a[0];
	return b[0];
}
