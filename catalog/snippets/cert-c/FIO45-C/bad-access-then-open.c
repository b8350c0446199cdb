/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

FILE *journal_new(const char *path)
{
	if (access(path, F_OK) == 0) /* fault */
		return NULL;
	return fopen(path, "w");
}
