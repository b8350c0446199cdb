/* SPDX-License-Identifier: Apache-2.0 */
static void wipe(unsigned char *at, unsigned n)
{
	while (n-- > 0)
		*at++ = 0;
}

void key_wipe(volatile unsigned char key[32])
{
	wipe((unsigned char *)key, 32); /* fault */
}
