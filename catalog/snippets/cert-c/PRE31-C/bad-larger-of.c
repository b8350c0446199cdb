/* SPDX-License-Identifier: Apache-2.0 */
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

int next_level(int *level, int limit)
{
	return LARGER(++*level, limit); /* fault */
}
