/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <sys/socket.h>

int
send_length(int sock, uint32_t length)
{
	uint32_t wire = htonl(length);
	return send(sock, &wire, sizeof wire, 0) == (ssize_t)sizeof wire ? 0 : -1;
}
