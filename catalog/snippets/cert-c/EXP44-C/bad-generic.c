/* SPDX-License-Identifier: Apache-2.0 */
#define IS_WHOLE(x) _Generic((x), int: 1, long: 1, default: 0)

int count_and_ask(int n)
{
	int whole = IS_WHOLE(n++); /* fault */

	return n + whole;
}
