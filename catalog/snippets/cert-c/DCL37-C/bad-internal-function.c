/* SPDX-License-Identifier: Apache-2.0 */
static int __clamp(int value, int most) /* fault */
{
	return value > most ? most : value;
}

int rate_limit(int rate)
{
	return __clamp(rate, 1200);
}
