/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

FILE *export_new(const char *path)
{
	FILE *f = fopen(path, "r");

	if (f != NULL) {
		fclose(f);
		return NULL;
	}
	return fopen(path, "w"); /* fault */
}
