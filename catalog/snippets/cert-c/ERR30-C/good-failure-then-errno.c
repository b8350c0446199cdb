/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

int store(FILE *f, const char *row)
{
	if (fputs(row, f) == EOF) {
		perror("store");
		return -1;
	}
	return 0;
}
