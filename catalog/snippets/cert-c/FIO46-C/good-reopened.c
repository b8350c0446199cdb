/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int log_restart(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fclose(f) != 0)
		return -1;
	f = fopen(path, "a");
	if (f == NULL)
		return -1;
	if (fputs("restarted\n", f) == EOF) {
		(void)fclose(f);
		return -1;
	}
	return fclose(f);
}
