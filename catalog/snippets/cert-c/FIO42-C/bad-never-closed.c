/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void event_append(const char *path, const char *event)
{
	FILE *f = fopen(path, "a");

	if (f == NULL)
		return;
	fprintf(f, "%s\n", event);
	fflush(f);
} /* fault */
