/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of a DOCX document, and styles, without the archive around them, whose checksums a fuzzer doesn't get past.
 */
#include "docs_common.h"

#include <docx.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct assay_span xml = { data, size };
	struct assay_error err = { 0 };
	struct docs_document d = { .paragraphs = true };
	struct docx_styles styles = { 0 };
	unsigned number = 0;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	CLEANUP(docs_build_done) struct docs_builder b = DOCS_BUILDER(arena, &d);
	if (docx_read_styles(xml, "fuzz", arena, &styles, &err) == ASSAY_OK
	    && docx_read_part(xml, "fuzz", &styles, true, &number, &b, &err) == ASSAY_OK && docs_build_end(&b, &err) == ASSAY_OK)
		check_document(&d, arena);
	return 0;
}
