/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
show(const char *path)
{
	char buf[256];
	memset(buf, 0, sizeof buf);
	if (readlink(path, buf, sizeof buf - 1) == -1)
		return;
	puts(buf);
}
