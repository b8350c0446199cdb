/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever capture is read, each key has a digest that is one, and it can be held against an inventory. */
#include <base/cleanup.h>
#include <keys/inventory.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture c;
	struct inventory none = { NULL, 0 };
	struct inventory_finding *found = NULL;
	size_t count = 0, private_keys = 0;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK || capture_parse((struct assay_span){ data, size }, "fuzz", arena, &c, NULL) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < c.token_count; i++) {
		for (size_t k = 0; k < c.tokens[i].key_count; k++) {
			const struct capture_key *key = &c.tokens[i].keys[k];
			private_keys += key->has_private;
			if (key->spki_sha256 != NULL && strlen(key->spki_sha256) != 64)
				__builtin_trap();
		}
	}
	/* Each is in no entry, or can't be looked up: none goes unseen. */
	if (inventory_compare(&none, &c, 0, arena, &found, &count, NULL) != ASSAY_OK || count != private_keys)
		__builtin_trap();
	return 0;
}
