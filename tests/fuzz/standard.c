/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever standard is read, a rule's level follows from its priority. */
#include <sca/standard.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct standard s;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (standard_parse((struct assay_span){ data, size }, "fuzz", arena, &s, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < s.count; i++) {
		const struct standard_rule *r = &s.rules[i];
		if (r->priority > 27 || r->level > 3 || (r->priority == 0) != (r->level == 0) || r->cwe_count > STANDARD_CWES_MAX)
			__builtin_trap();
	}
	return 0;
}
