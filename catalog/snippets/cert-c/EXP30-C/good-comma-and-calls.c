/* SPDX-License-Identifier: Apache-2.0 */
static unsigned seed = 1;

static unsigned next(void)
{
	seed = seed * 1103515245u + 12345u;
	return seed;
}

unsigned mixed(unsigned *at)
{
	unsigned a = next(), b = next();

	*at = *at + 1u;
	return a ^ (b << 1);
}
