/* SPDX-License-Identifier: Apache-2.0 */
struct shared {
	volatile unsigned char frame[8];
};

void frame_take(struct shared *s, unsigned char out[8])
{
	for (int i = 0; i < 8; i++)
		out[i] = s->frame[i];
}
