/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

struct key {
	uint16_t port;
	uint64_t address;
};

struct session {
	struct key key;
	int socket;
};

int session_is(const struct session *s, const struct key *k)
{
	if (s->socket < 0)
		return 0;
	return !memcmp(&s->key, k, sizeof(struct key)); /* fault */
}
