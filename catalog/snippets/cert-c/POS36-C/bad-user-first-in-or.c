/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

void serve(int socket);

int start(int socket)
{
	if (setuid(getuid()) == -1 || setgid(getgid()) == -1) { /* fault */
		perror("privileges");
		return -1;
	}
	serve(socket);
	return 0;
}
