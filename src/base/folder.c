/* SPDX-License-Identifier: Apache-2.0 */
#include <base/folder.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
close_folder(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
	*d = NULL;
}

DIR *
folder_open(int at, const char *name, int flags)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (d == NULL) {
		const int saved = errno;
		if (fd >= 0)
			(void)close(fd);
		errno = saved;
	}
	return d;
}

const struct dirent *
folder_next(DIR *d)
{
	const struct dirent *e;
	do {
		errno = 0;
		e = readdir(d);
	} while (e != NULL && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	return e;
}
