/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

struct header {
	uint32_t kind;
	uint32_t length;
};

uint32_t length_of(const unsigned char *frame)
{
	const struct header *h = (const struct header *)frame; /* fault */

	return h->length;
}
