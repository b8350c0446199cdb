/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int line_copy(FILE *in, FILE *out)
{
	char line[80];

	while (fgets(line, sizeof line, in) != NULL)
		if (fputs(line, out) == EOF)
			return -1;
	return ferror(in) ? -1 : 0;
}
