/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#define COPY(to, from, size) memcpy((to), (from), (size))

struct packet {
	unsigned char body[32];
};

void packet_set(struct packet *p, const void *from)
{
#if defined(__x86_64__)
	COPY(p->body, from, 32);
#else
	COPY(p->body, from, 16);
#endif
}
