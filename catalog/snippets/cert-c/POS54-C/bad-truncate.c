/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int log_reset(int fd, const char *folder)
{
	chdir(folder); /* fault */
	ftruncate(fd, 0); /* fault */
	return 0;
}
