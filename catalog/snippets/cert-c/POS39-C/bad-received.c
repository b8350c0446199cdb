/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/socket.h>

int
receive_count(int sock)
{
	int num;
	if (recv(sock, &num, sizeof num, 0) < (ssize_t)sizeof num) /* fault */
		return -1;
	return num;
}
