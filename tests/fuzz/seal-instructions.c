/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's instructions: blocks lie within the document, in their order, and nothing of it is in two of them; reading ends. */
#include <base/cleanup.h>
#include <codec/shell.h>
#include <seal/instructions.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned
lines_of(const char *text)
{
	unsigned lines = 0;
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct seal_instructions i;
	struct assay_error err = { 0 };
	unsigned line = 0;
	if (arena_new((size_t)256 << 20, &arena) != ASSAY_OK || seal_instructions_read((struct assay_span){ data, size }, "fuzz", arena, &i, &err) != ASSAY_OK)
		return 0;
	for (size_t k = 0; k < i.block_count; k++) {
		const struct shell_script *script = NULL;
		if (i.blocks[k].line <= line || strlen(i.blocks[k].text) > size)
			__builtin_trap();
		line = i.blocks[k].line + lines_of(i.blocks[k].text);
		(void)!shell_parse(assay_span_str(i.blocks[k].text), arena, &script, &err);
	}
	for (size_t k = 0; k < i.prose_count; k++) {
		const struct assay_span text = i.prose[k].text;
		if (text.len > size || (text.len > 0 && memchr(text.data, '\n', text.len) != NULL))
			__builtin_trap();
	}
	for (size_t k = 0; k < i.note_count; k++) {
		const struct assay_span text = i.notes[k].text;
		if (text.data < data || text.len > size || (size_t)(text.data - data) > size - text.len)
			__builtin_trap();
	}
	return 0;
}
