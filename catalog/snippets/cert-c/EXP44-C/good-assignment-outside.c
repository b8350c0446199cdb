/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct frame {
	unsigned char kind;
	unsigned char body[16];
};

void frame_clear(struct frame *f, unsigned char kind)
{
	f->kind = kind;
	memset(f->body, 0, sizeof f->body);
}
