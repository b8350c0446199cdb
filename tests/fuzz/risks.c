/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever register of risks is read, each rating has a level, and each risk a square. */
#include <policy/risks.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct risks r;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (risks_parse((struct assay_span){ data, size }, "fuzz", arena, &r, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < r.count; i++) {
		size_t squares = 0;
		for (size_t k = 0; k < risks_square_count(); k++)
			squares += risks_has(&r.risks[i].where, k);
		if (squares == 0 || risks_level(&r, &r.risks[i].before) >= r.criteria.levels.count
		    || risks_level(&r, &r.risks[i].after) >= r.criteria.levels.count)
			__builtin_trap();
	}
	return 0;
}
