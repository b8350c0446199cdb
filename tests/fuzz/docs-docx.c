/* SPDX-License-Identifier: Apache-2.0 */
#include "docs_common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct docs_document d;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (docs_read("fuzz.docx", (struct assay_span){ data, size }, arena, &d, &err) == ASSAY_OK)
		check_document(&d, arena);
	return 0;
}
