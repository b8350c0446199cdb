/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/stat.h>

int store_make(const char *path)
{
	if (mkdir(path, S_IRWXU) != 0) {
		if (errno == EEXIST)
			return 1;
		return -1;
	}
	return 0;
}
