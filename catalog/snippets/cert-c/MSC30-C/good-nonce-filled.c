/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdio.h>

int nonce_fill(unsigned char *nonce, size_t len)
{
	FILE *f = fopen("/dev/urandom", "rb");
	size_t got;

	if (f == NULL)
		return -1;
	got = fread(nonce, 1, len, f);
	fclose(f);
	return got == len ? 0 : -1;
}
