/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct reading {
	char kind;
	int value;
};

long
publish(int sock, int value)
{
	struct reading r;
	memset(&r, 0, sizeof r);
	r.kind = 'a';
	r.value = value;
	return (long)send(sock, &r, sizeof r, 0);
}
