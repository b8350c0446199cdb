/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one member of kind "code-import" of any bytes: its name, and what it holds, apart at the first NUL.
 */
#include <base/cleanup.h>
#include <evidence/imports.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool good)
{
	if (!good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	const uint8_t *cut = size == 0 ? NULL : memchr(data, '\0', size);
	struct assay_error err = { 0 };
	const void *facts = NULL;
	if (cut == NULL || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	struct evidence_member m = { .name = (const char *)data, .bytes = { cut + 1, size - (size_t)(cut - data) - 1 } };
	const struct evidence e = { .kind = IMPORTS_KIND, .subject = "fuzz", .grade = { GRADE_ASSERTED, GRADE_OBSERVED }, .members = &m,
		.member_count = 1 };
	const struct parse_context c = { arena, NULL, NULL };
	if (imports_parse(&e, &c, &facts, &err) != ASSAY_OK) {
		expect(facts == NULL && err.what[0] != '\0');
		return 0;
	}
	const struct imports *all = facts;
	expect(all->count == 1 && strcmp(imports_member(&all->items[0], arena), m.name) == 0);
	return 0;
}
