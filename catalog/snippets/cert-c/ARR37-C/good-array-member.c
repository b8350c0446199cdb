/* SPDX-License-Identifier: Apache-2.0 */
struct reading {
	int values[3];
};

int sum(struct reading r)
{
	int *value = r.values;
	int total = *value;

	value++;
	total += *value;
	return total;
}
