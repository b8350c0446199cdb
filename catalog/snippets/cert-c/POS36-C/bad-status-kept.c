/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

int child_ready(int log)
{
	int user = setuid(getuid());
	int group;

	if (user != 0)
		return -1;
	close(log);
	group = setgid(getgid()); /* fault */
	return group == 0 ? 0 : -1;
}
