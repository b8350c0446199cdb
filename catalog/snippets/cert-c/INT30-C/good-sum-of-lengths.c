/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>

static char store[256];

int store_read(FILE *in)
{
	uint32_t part[2];

	if (fread(part, sizeof part, 1, in) != 1)
		return -1;
	if (part[0] > sizeof store || part[1] > sizeof store - part[0])
		return -1;
	return fread(store, 1, part[0], in) == part[0] ? 0 : -1;
}
