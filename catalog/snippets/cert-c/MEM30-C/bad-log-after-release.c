/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int frame_check(const unsigned char *in, size_t len)
{
	unsigned char *frame = malloc(len + 1);

	if (frame == NULL)
		return -1;
	memcpy(frame, in, len);
	frame[len] = 0;
	if (frame[0] != 0x7e) {
		free(frame);
		fprintf(stderr, "frame starts with %02x\n", frame[0]); /* fault */
		return -1;
	}
	free(frame);
	return 0;
}
