/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void pair_print(const unsigned char *at)
{
	unsigned first = *at++;
	unsigned second = *at++;

	printf("%02x %02x\n", first, second);
}
