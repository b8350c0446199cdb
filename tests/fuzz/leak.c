/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the bytes are: what is found lies in them, and twice the same is found. */
#include <base/cleanup.h>
#include <leak/find.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct leak_finder *finder;
	CLEANUP(leak_found_done) struct leak_found a = { 0 }, b = { 0 };
	struct assay_error err = { 0 };
	if (finder == NULL && leak_finder_new(&finder, &err) != ASSAY_OK)
		__builtin_trap();
	const struct assay_span bytes = { data, size };
	if (leak_scan(finder, bytes, &a, &err) != ASSAY_OK || leak_scan(finder, bytes, &b, &err) != ASSAY_OK)
		return 0;
	if (a.count != b.count || a.more != b.more)
		__builtin_trap();
	for (size_t i = 0; i < a.count; i++)
		if (a.items[i].offset > size || a.items[i].public_count > LEAK_PUBLICS_MAX || memcmp(&a.items[i], &b.items[i], sizeof a.items[i]) != 0)
			__builtin_trap();
	return 0;
}
