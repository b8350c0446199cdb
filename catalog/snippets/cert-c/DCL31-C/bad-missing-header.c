/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void *block_get(unsigned n)
{
	void *block = malloc(n); /* fault */

	if (block == 0)
		fputs("no memory\n", stderr);
	return block;
}
