/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t hash_of(const unsigned char *at, unsigned n)
{
	uint32_t h = UINT32_C(2166136261);

	while (n-- > 0) {
		h ^= *at++;
		h *= UINT32_C(16777619);
	}
	return h;
}
