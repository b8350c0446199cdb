/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void
read_line(FILE *in)
{
	char line[80];
	if (fgets(line, sizeof line, in)) {
		size_t len = strlen(line);
		if (len > 0 && line[len - 1] == '\n')
			line[len - 1] = '\0';
		puts(line);
	}
}
