/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

long bytes_count(FILE *f)
{
	unsigned char c;
	long n = 0;

	c = getc(f); /* fault */
	while (c != EOF) { /* fault */
		n++;
		c = getc(f);
	}
	return n;
}
