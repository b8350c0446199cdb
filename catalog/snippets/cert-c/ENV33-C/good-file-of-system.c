/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int uptime_text(char *out, int size)
{
	FILE *f = fopen("/proc/uptime", "r");

	if (f == NULL)
		return -1;
	if (fgets(out, size, f) == NULL)
		out[0] = '\0';
	return fclose(f);
}
