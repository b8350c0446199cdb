/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

struct key {
	uint64_t address;
	uint32_t port;
	uint32_t zone;
};

struct session {
	struct key key;
	int socket;
};

int session_is(const struct session *s, const struct key *k)
{
	if (s->socket < 0)
		return 0;
	return !memcmp(&s->key, k, sizeof(struct key));
}
