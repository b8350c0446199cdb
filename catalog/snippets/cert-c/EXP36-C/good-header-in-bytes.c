/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

struct header {
	uint32_t kind;
	uint32_t length;
};

uint32_t length_of(const unsigned char *frame)
{
	struct header h;

	memcpy(&h, frame, sizeof h);
	return h.length;
}
