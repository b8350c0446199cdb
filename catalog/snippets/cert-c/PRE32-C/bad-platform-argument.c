/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#define COPY(to, from, size) memcpy((to), (from), (size))

struct packet {
	unsigned char body[32];
};

void packet_set(struct packet *p, const void *from)
{
	COPY(p->body, from,
#if defined(__x86_64__) /* fault */
	     32
#else
	     16
#endif
	);
}
