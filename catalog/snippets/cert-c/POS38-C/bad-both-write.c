/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

int
log_twice(void)
{
	int fd = open("log", O_WRONLY);
	if (fd == -1)
		return -1;
	if (fork() == 0) {
		if (write(fd, "a", 1) != 1)
			_exit(1);
		_exit(0);
	}
	return write(fd, "b", 1) == 1 ? 0 : -1; /* fault */
}
