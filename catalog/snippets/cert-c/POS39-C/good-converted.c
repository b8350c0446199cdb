/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <sys/socket.h>

int
receive_count(int sock)
{
	uint32_t num;
	if (recv(sock, &num, sizeof num, 0) < (ssize_t)sizeof num)
		return -1;
	return (int)ntohl(num);
}
