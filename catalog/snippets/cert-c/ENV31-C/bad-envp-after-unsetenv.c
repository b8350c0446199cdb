/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[], char *envp[])
{
	(void)argc;
	if (unsetenv("LD_PRELOAD") != 0)
		return 1;
	execve("/usr/libexec/pump", argv, envp); /* fault */
	return 1;
}
