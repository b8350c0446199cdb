/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

int
race(const char *path)
{
	char c;
	int fd = open(path, O_RDWR);
	if (fd == -1)
		return -1;
	pid_t pid = fork();
	if (pid == -1)
		return -1;
	if (pid == 0) {
		if (read(fd, &c, 1) != 1)
			_exit(1);
		_exit(0);
	}
	if (read(fd, &c, 1) != 1) /* fault */
		return -1;
	return c;
}
