/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int export_mode(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int status;

	if (fd < 0)
		return -1;
	status = fchmod(fd, S_IRUSR | S_IWUSR);
	close(fd);
	return status;
}
