/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int first_word(FILE *f, char *out, int most)
{
	int c;
	int n = 0;

	if ((c = fgetc(f)) == EOF)
		return -1;
	do {
		out[n++] = (char)c;
	} while (n < most && (c = fgetc(f)) != EOF && c != ' ');
	return n;
}
