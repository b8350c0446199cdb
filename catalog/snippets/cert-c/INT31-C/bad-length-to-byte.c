/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

struct frame {
	uint8_t length;
	uint8_t body[255];
};

int frame_fill(struct frame *f, const uint8_t *in, size_t count)
{
	f->length = count; /* fault */
	for (size_t i = 0; i < f->length; i++)
		f->body[i] = in[i];
	return 0;
}
