/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

void serve(int socket);

int start(int socket)
{
	if (setgid(getgid()) == -1 || setuid(getuid()) == -1) {
		perror("privileges");
		return -1;
	}
	serve(socket);
	return 0;
}
