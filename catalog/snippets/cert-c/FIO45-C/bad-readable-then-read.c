/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

int settings_open(const char *path)
{
	int fd = -1;

	if (access(path, R_OK) == 0) /* fault */
		fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd;
}
