/* SPDX-License-Identifier: Apache-2.0 */
struct point {
	float at;
	float value;
};

int table_fill(struct point *table, int most)
{
	int n = 0;
	float at;

	for (at = -4.0f; at <= 4.0f; at = at + 0.5f) { /* fault */
		if (n == most)
			return -1;
		table[n].at = at;
		table[n].value = at * at;
		n++;
	}
	return n;
}
