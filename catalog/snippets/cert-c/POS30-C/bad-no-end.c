/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

void
show(const char *path)
{
	char buf[256];
	if (readlink(path, buf, sizeof(buf) - 1) > 0) /* fault */
		puts(buf);
}
