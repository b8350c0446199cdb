/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

unsigned char *frame_copy(const unsigned char *in, size_t len)
{
	unsigned char *frame = malloc(len + 2);
	int bad = 0;

	if (frame == NULL)
		return NULL;
	memcpy(frame, in, len);
	if (len < 4 || frame[0] != 0x55)
		bad = 1;
	if (bad) {
		free(frame);
		frame = NULL;
	}
	if (frame != NULL)
		frame[len] = 0;
	return frame;
}
