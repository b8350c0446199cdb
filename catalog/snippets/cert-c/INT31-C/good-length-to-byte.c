/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

struct frame {
	uint8_t length;
	uint8_t body[255];
};

int frame_fill(struct frame *f, const uint8_t *in, size_t count)
{
	if (count > sizeof f->body)
		return -1;
	f->length = (uint8_t)count;
	for (size_t i = 0; i < count; i++)
		f->body[i] = in[i];
	return 0;
}
