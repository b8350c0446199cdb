/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

struct message {
	size_t length;
	unsigned char body[];
};

struct message *message_new(const void *from, size_t length)
{
	struct message *m;

	if (length > 65535)
		return NULL;
	m = malloc(sizeof *m + length);
	if (m == NULL)
		return NULL;
	m->length = length;
	memcpy(m->body, from, length);
	return m;
}
