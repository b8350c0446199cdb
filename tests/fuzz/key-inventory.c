/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever inventory is read, its keys are found by what they are, and no URI in it names a module or a PIN. */
#include <base/cleanup.h>
#include <keys/inventory.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct inventory i;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK || inventory_parse((struct assay_span){ data, size }, "fuzz", arena, &i, NULL) != ASSAY_OK)
		return 0;
	for (size_t k = 0; k < i.count; k++) {
		if (inventory_find(&i, i.keys[k].spki_sha256) != &i.keys[k] || i.keys[k].expires <= i.keys[k].created)
			__builtin_trap();
		if (i.keys[k].uri != NULL && strchr(i.keys[k].uri, '?') != NULL)
			__builtin_trap();
	}
	return 0;
}
