/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int room_enter(const char *folder)
{
	if (chdir(folder) != 0) {
		close(3);
		if (errno == ENOENT) /* fault */
			return 1;
		return -1;
	}
	return 0;
}
