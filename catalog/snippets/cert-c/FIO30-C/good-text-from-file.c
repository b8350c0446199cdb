/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int greet(FILE *banner, char *out, size_t size)
{
	char line[80];

	if (fgets(line, sizeof line, banner) == NULL)
		return -1;
	return snprintf(out, size, "%s: %s", "ward 3", line);
}
