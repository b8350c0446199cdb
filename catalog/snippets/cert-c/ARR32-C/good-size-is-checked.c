/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

unsigned char tail_of(const unsigned char *message, size_t announced)
{
	if (announced == 0 || announced > 256)
		return 0;

	unsigned char copy[announced];

	memcpy(copy, message, announced);
	return copy[announced - 1];
}
