/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

int store(FILE *f, const char *row)
{
	fputs(row, f);
	if (errno != 0) { /* fault */
		perror("store");
		return -1;
	}
	return 0;
}
