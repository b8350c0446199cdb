/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree of files by the names in DEP_PATHS: the input's pieces, parted by 0xFF, are their bytes. Whatever they hold, reading ends, and what
 * is found is well formed.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <dep/dep.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = DEP_PATHS; /* sorted */
#define PATHS (sizeof paths / sizeof paths[0])

static void
look(const struct dep_model *m)
{
	size_t count = 0;
	for (const struct dep_finding *f = m->findings; f != NULL; f = f->next, count++) {
		if (f->matter >= DEP_MATTER_COUNT || f->message[0] == '\0' || f->file == NULL)
			__builtin_trap();
	}
	if (count != m->finding_count || count > DEP_FINDINGS_MAX)
		__builtin_trap();
	for (const struct dep_ref *r = m->refs; r != NULL; r = r->next) {
		if (r->name == NULL || r->file == NULL)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct source_file files[PATHS];
	struct sources sources = { OID_SHA1, files, 0 };
	const struct dep_model *model = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(512u << 20, &arena) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < PATHS; i++) {
		const uint8_t *end = size > 0 ? memchr(data, 0xFF, size) : NULL;
		size_t len = end != NULL ? (size_t)(end - data) : size;
		files[i] = (struct source_file){ .path = paths[i], .mode = 0100644, .has_bytes = true, .bytes = { data, len } };
		sources.count++;
		if (end == NULL)
			break;
		data += len + 1;
		size -= len + 1;
	}
	if (dep_read(&sources, NULL, arena, &model, &err) == ASSAY_OK)
		look(model);
	return 0;
}
