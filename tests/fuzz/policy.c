/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/policy.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct policy p;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	if (policy_parse((struct assay_span){ data, size }, "fuzz", arena, &p, &err) != ASSAY_OK)
		return 0;
	if (p.branches.count == 0 || p.skew_seconds > 86400 || p.platform > PLATFORM_ACCEPT)
		__builtin_trap();
	return 0;
}
