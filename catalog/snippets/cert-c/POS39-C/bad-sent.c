/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/socket.h>

int
send_length(int sock, uint32_t length)
{
	return send(sock, &length, sizeof length, 0) == (ssize_t)sizeof length ? 0 : -1; /* fault */
}
