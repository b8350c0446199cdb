/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int event_append(const char *path, const char *event)
{
	FILE *f = fopen(path, "a");

	if (f == NULL)
		return -1;
	fprintf(f, "%s\n", event);
	fflush(f);
	return fclose(f);
}
