/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

void *block_get(unsigned n)
{
	void *block = malloc(n);

	if (block == 0)
		fputs("no memory\n", stderr);
	return block;
}
