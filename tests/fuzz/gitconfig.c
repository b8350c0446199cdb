/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/gitconfig.h>

#include <base/cleanup.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct gitconfig c;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	if (gitconfig_parse((struct assay_span){ data, size }, "fuzz", arena, &c, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < c.count; i++) {
		if (strlen(c.entries[i].key) == 0 || (c.entries[i].bare && c.entries[i].value[0] != 0))
			__builtin_trap();
	}
	return 0;
}
