/* SPDX-License-Identifier: Apache-2.0 */
static int clamp_(int value, int most)
{
	return value > most ? most : value;
}

int rate_limit(int rate)
{
	return clamp_(rate, 1200);
}
