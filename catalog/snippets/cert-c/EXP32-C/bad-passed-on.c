/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct shared {
	volatile unsigned char frame[8];
};

void frame_take(struct shared *s, unsigned char out[8])
{
	memcpy(out, s->frame, 8); /* fault */
}
