/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <unistd.h>

int export_mode(const char *path)
{
	if (access(path, W_OK) != 0) /* fault */
		return -1;
	return chmod(path, S_IRUSR | S_IWUSR);
}
