/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int log_rotate(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb");
	FILE *out;
	int c;

	if (in == NULL)
		return -1;
	out = fopen(to, "wb");
	if (out == NULL) {
		fclose(in);
		return -1;
	}
	while ((c = fgetc(in)) != EOF)
		fputc(c, out);
	fclose(in);
	return fclose(out);
}
