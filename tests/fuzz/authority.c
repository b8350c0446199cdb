/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust metadata of any bytes: the first root, targets and policy state, each ended by a NUL, beside an empty policy.yaml.
 */
#include <base/cleanup.h>
#include <policy/authority.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_CAP (256u << 20)
#define FILES 4

/* What holds was reached in order, and says nothing against itself. */
static void
check(const struct authority *a)
{
	bool whole = a->root.version > 0 && a->targets.version > 0 && a->policy.version > 0 && a->fingerprint[0] != '\0';
	if (a->fault == AUTHORITY_HOLDS ? !whole || a->why != NULL || a->difference_total > 0 : a->why == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Sorted by path. */
	struct source_file files[FILES] = { { .path = "assay/policy.yaml" }, { .path = "assay/trust/1.root.json" },
		{ .path = "assay/trust/policy.json" }, { .path = "assay/trust/targets.json" } };
	static const size_t order[] = { 1, 3, 2 };
	struct sources sources = { .files = files, .count = FILES };
	struct arena *arena = NULL;
	struct authority a;
	struct assay_error err = { 0 };
	for (size_t i = 0; i < FILES; i++) {
		files[i].mode = 0100644;
		files[i].has_bytes = true;
	}
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		const uint8_t *end = size == 0 ? NULL : memchr(data, 0, size);
		const size_t len = end == NULL ? size : (size_t)(end - data);
		files[order[i]].bytes = (struct assay_span){ data, len };
		data += end == NULL ? len : len + 1;
		size -= end == NULL ? len : len + 1;
	}
	if (arena_new(ARENA_CAP, &arena) != ASSAY_OK)
		return 0;
	if (authority_read(&sources, NULL, arena, &a, &err) == ASSAY_OK)
		check(&a);
	arena_free(&arena);
	return 0;
}
