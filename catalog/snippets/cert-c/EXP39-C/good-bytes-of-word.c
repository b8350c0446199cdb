/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

unsigned bytes_sum(uint32_t word)
{
	const unsigned char *bytes = (const unsigned char *)&word;
	unsigned sum = 0;

	for (size_t i = 0; i < sizeof word; i++)
		sum += bytes[i];
	return sum;
}
