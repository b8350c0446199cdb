/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

unsigned char tail_of(const unsigned char *message, size_t announced)
{
	unsigned char copy[announced]; /* fault */

	memcpy(copy, message, announced);
	return copy[announced - 1];
}
