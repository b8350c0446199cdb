/* SPDX-License-Identifier: Apache-2.0 */
#include <stdalign.h>
#include <stdint.h>

struct header {
	uint32_t kind;
	uint32_t length;
};

static alignas(struct header) unsigned char store[64];

struct header *header_of_store(void)
{
	return (struct header *)store;
}
