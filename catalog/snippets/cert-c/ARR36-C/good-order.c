/* SPDX-License-Identifier: Apache-2.0 */
int order(unsigned from, unsigned to)
{
	char both[16] = "bed 12 ward 3";
	char *a = both + from % 16;
	char *b = both + to % 16;

	if (a < b)
		return a[0];
	return b[0];
}
