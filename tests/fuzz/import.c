/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imports: 'i' and a whole one, 'c' and a record of canaries, 'p' and an export of a problem list.
 */
#include <base/cleanup.h>
#include <sca/import.h>
#include <sca/problems.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
imported(struct assay_span bytes, struct arena *arena)
{
	struct import x;
	struct import_weakness all[CANARY_PLANTS_MAX];
	struct assay_error err = { 0 };
	if (import_read(bytes, "fuzz", arena, &x, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < x.log.run_count; i++)
		for (size_t k = 0; k < x.log.runs[i].artifact_count; k++) {
			const struct sarif_artifact *a = &x.log.runs[i].artifacts[k];
			const char *path = NULL;
			if (import_path(&x, &x.log.runs[i], a->uri, a->base, arena, &path, &err) == ASSAY_OK && path != NULL && path[0] == '/' && x.add[0] == '\0')
				__builtin_trap();
		}
	const size_t count = import_weaknesses(&x, NULL, 0, all);
	for (size_t i = 0; i < count; i++) {
		if (all[i].caught > all[i].bad || all[i].flagged > all[i].good)
			__builtin_trap();
	}
}

static void
listed(struct assay_span bytes, struct arena *arena)
{
	struct sca_problems p;
	struct assay_error err = { 0 };
	if (sca_problems_parse(bytes, "fuzz", arena, &p, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < p.count; i++) {
		if (sca_problems_find(&p, p.items[i].id) != &p.items[i])
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct canary_set set;
	struct assay_error err = { 0 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	if (data[0] == 'i')
		imported(bytes, arena);
	else if (data[0] == 'p')
		listed(bytes, arena);
	else if (data[0] == 'c' && canary_read(bytes, "fuzz", arena, &set, &err) == ASSAY_OK && set.count == 0)
		__builtin_trap();
	return 0;
}
