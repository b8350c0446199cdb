/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int event_add(const char *path, const char *event)
{
	FILE *f = fopen(path, "a+");
	int c;

	if (f == NULL)
		return -1;
	fprintf(f, "%s\n", event);
	fflush(f);
	rewind(f);
	c = fgetc(f);
	if (c != EOF)
		putchar(c);
	return fclose(f);
}
