/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever register is read, each grant is on a system of it, and ends after it began. */
#include <policy/access.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct access_list a;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (access_parse((struct assay_span){ data, size }, "fuzz", arena, &a, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < a.grant_count; i++) {
		const struct access_grant *g = &a.grants[i];
		if (g->until <= g->since || g->rights == 0 || g->system_count == 0)
			__builtin_trap();
		for (size_t k = 0; k < g->system_count; k++) {
			if (g->systems[k] < a.systems || g->systems[k] >= a.systems + a.system_count)
				__builtin_trap();
		}
	}
	for (size_t i = 0; i < a.service_count; i++) {
		if (access_service_by_id(&a, a.services[i].id) != &a.services[i])
			__builtin_trap();
	}
	return 0;
}
