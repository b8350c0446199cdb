/* SPDX-License-Identifier: Apache-2.0 */
static int total(const int *values, int count)
{
	int sum = 0;

	while (count-- > 0)
		sum += *values++;
	return sum;
}

int one_and_many(int single)
{
	int many[3] = {1, 2, single};

	return total(&single, 1) + total(many, 3);
}
