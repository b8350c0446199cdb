/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

struct header {
	unsigned kind;
	unsigned length;
	unsigned char body[32];
};

void body_clear(struct header *h)
{
	memset(h + offsetof(struct header, body), 0, sizeof h->body); /* fault */
}
