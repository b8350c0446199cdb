/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this reads, jansson reads too, and the other way round, but for depth, numbers that overflow, a byte order mark, and a NUL,
 * at which jansson ends.
 */
#include <codec/jsontree.h>

#include <base/cleanup.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
has_number(const struct jsontree *n)
{
	if (n->kind == JSONTREE_NUMBER)
		return true;
	for (const struct jsontree *m = n->first; m != NULL; m = m->next) {
		if (has_number(m))
			return true;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct jsontree *root = NULL;
	json_error_t words;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || memchr(data, 0, size) != NULL || (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0))
		return 0;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	enum assay_status status = jsontree_parse((struct assay_span){ data, size }, "fuzz", arena, &root, &err);
	json_t *other = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &words);
	bool both = (status == ASSAY_OK) == (other != NULL);
	if (!both && status != ASSAY_E_LIMIT && !(status == ASSAY_OK && has_number(root)))
		__builtin_trap();
	json_decref(other);
	return 0;
}
