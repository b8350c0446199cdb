/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

void
show(const char *path)
{
	char buf[256];
	ssize_t len = readlink(path, buf, sizeof(buf) - 1);
	if (len == -1)
		return;
	buf[len] = '\0';
	puts(buf);
}
