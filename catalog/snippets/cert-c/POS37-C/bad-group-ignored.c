/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int helper_run(gid_t group, uid_t user, char *const argv[])
{
	setgid(group); /* fault */
	if (setuid(user) != 0)
		return -1;
	return execv(argv[0], argv);
}
