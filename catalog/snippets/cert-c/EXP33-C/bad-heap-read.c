/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

unsigned checksum_of_block(size_t len)
{
	unsigned char *block = malloc(len);
	unsigned sum = 0;

	if (block == NULL)
		return 0;
	if (len > 0)
		sum = block[0]; /* fault */
	free(block);
	return sum;
}
