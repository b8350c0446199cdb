/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

int
each_its_own(const char *path)
{
	char c;
	pid_t pid = fork();
	if (pid == -1)
		return -1;
	int fd = open(path, O_RDONLY);
	if (fd == -1)
		return -1;
	if (read(fd, &c, 1) != 1)
		return -1;
	return c;
}
