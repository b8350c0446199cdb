/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

long
target(char out[], long room)
{
	char buf[1024];
	ssize_t len = readlink("/usr/bin/perl", buf, sizeof buf); /* fault */
	if (len == -1 || len >= room)
		return -1;
	buf[len] = '\0';
	for (ssize_t i = 0; i <= len; i++)
		out[i] = buf[i];
	return len;
}
