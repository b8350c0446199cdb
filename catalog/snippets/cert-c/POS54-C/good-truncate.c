/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int log_reset(int fd, const char *folder)
{
	if (chdir(folder) != 0)
		return -1;
	return ftruncate(fd, 0);
}
