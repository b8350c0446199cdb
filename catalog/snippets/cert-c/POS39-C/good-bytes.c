/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/socket.h>

int
send_mark(int sock, uint8_t mark)
{
	return send(sock, &mark, sizeof mark, 0) == 1 ? 0 : -1;
}
