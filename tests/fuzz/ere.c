/* SPDX-License-Identifier: Apache-2.0 */
/* The first line is a pattern, the rest a text: whatever they are, a match lies within the text and the work stays small. */
#include <base/ere.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const unsigned char *lf = size > 0 ? memchr(data, '\n', size) : NULL;
	const struct assay_span pattern = { data, lf != NULL ? (size_t)(lf - data) : size };
	const struct assay_span text = { data + pattern.len, size - pattern.len };
	struct assay_error err = { 0 };
	struct ere *e;
	size_t from, len;
	uint64_t steps = 0;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	if (ere_compile(pattern, arena, &e, &err) != ASSAY_OK)
		return 0;
	const bool found = ere_find(e, text, &from, &len, &steps);
	if (found && (from > text.len || len > text.len - from))
		__builtin_trap();
	/* Each step of the program is entered a few times for each byte. */
	if (steps > (text.len + 1) * (uint64_t)ERE_PROGRAM_MAX * 8)
		__builtin_trap();
	return 0;
}
