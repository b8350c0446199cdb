/* SPDX-License-Identifier: Apache-2.0 */
struct point {
	float at;
	float value;
};

int table_fill(struct point *table, int most)
{
	int n = 0;

	for (int half = -8; half <= 8; half++) {
		float at = (float)half * 0.5f;

		if (n == most)
			return -1;
		table[n].at = at;
		table[n].value = at * at;
		n++;
	}
	return n;
}
