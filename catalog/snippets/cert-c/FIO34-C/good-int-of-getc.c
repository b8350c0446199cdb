/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

long bytes_count(FILE *f)
{
	int c;
	long n = 0;

	c = getc(f);
	while (c != EOF) {
		n++;
		c = getc(f);
	}
	return n;
}
