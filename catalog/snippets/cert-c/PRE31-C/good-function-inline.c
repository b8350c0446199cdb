/* SPDX-License-Identifier: Apache-2.0 */
static inline int larger(int a, int b)
{
	return a > b ? a : b;
}

int next_level(int *level, int limit)
{
	return larger(++*level, limit);
}
