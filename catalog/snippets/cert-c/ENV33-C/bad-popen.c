/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>

int uptime_text(char *out, int size)
{
	FILE *f = popen("uptime", "r"); /* fault */

	if (f == NULL)
		return -1;
	if (fgets(out, size, f) == NULL)
		out[0] = '\0';
	return pclose(f);
}
