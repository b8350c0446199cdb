/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <spawn.h>
#include <sys/wait.h>

int log_compress(const char *path)
{
	char *const argv[] = {"/usr/bin/gzip", "-9", (char *)path, NULL};
	char *const envp[] = {NULL};
	pid_t child;
	int status;

	if (posix_spawn(&child, "/usr/bin/gzip", NULL, NULL, argv, envp) != 0)
		return -1;
	return waitpid(child, &status, 0) == child ? status : -1;
}
