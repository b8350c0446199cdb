/* SPDX-License-Identifier: Apache-2.0 */
struct reading {
	int heart;
	int oxygen;
	int temperature;
};

int sum(struct reading r)
{
	int *value = &r.heart;
	int total = *value;

	value++; /* fault */
	total += *value; /* fault */
	return total;
}
