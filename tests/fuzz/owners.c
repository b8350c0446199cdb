/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever CODEOWNERS is read, each line becomes one rule or problem at most, and what decides on a path matches it. */
#include <policy/owners.h>

#include <base/cleanup.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
decide(const struct owners_file *f, const char *path)
{
	for (size_t i = 0; i < f->section_count; i++) {
		const struct owners_rule *r = owners_decides(f, i, path);
		if (r != NULL && (r->section != i || r->excludes || !owners_matches(r, path) || f->rules[r->index] != r))
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "a", "src/main.c", ".github/workflows/build.yml", "a/b/c/d/e/f" };
	for (int d = 0; d < 2; d++) {
		struct assay_error err = { 0 };
		struct owners_file f;
		CLEANUP(arena_free) struct arena *arena = NULL;
		if (arena_new(256u << 20, &arena) != ASSAY_OK)
			return 0;
		if (owners_parse((struct assay_span){ data, size }, (enum owners_dialect)d, arena, &f, &err) != ASSAY_OK)
			continue;
		for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
			decide(&f, paths[i]);
	}
	return 0;
}
