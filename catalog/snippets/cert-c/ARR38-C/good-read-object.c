/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int header_write(FILE *f)
{
	static const unsigned header[4] = {0xca11, 1, 0, 64};
	unsigned char out[8];

	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(header[i / 2] >> (i % 2 * 8));
	return fwrite(out, 1, sizeof out, f) == sizeof out ? 0 : -1;
}
