/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

unsigned char tail_of(const unsigned char *message, size_t announced)
{
	unsigned char *copy;
	unsigned char last;

	if (announced == 0 || announced > 4096)
		return 0;
	copy = malloc(announced);
	if (copy == NULL)
		return 0;
	memcpy(copy, message, announced);
	last = copy[announced - 1];
	free(copy);
	return last;
}
