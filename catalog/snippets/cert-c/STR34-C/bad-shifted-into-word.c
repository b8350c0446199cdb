/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t word_of(const char *bytes)
{
	char high = bytes[0];
	int wide = high; /* fault */

	return (uint32_t)wide << 8 | (unsigned char)bytes[1];
}
