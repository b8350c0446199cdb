/* SPDX-License-Identifier: Apache-2.0 */
static unsigned char ring[64];
static unsigned head;

void ring_put(unsigned char byte)
{
	ring[head & 63u] = byte;
	head++;
}

unsigned char ring_last(void)
{
	return ring[(head - 1u) % 64u];
}
