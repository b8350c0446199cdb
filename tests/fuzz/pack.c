/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packs as they come; and, for inputs that begin with '{', the payload of an index in an envelope that is right, so
 * that what lies behind base64 is reached.
 */
#include "pack_index.h"
#include <base/cleanup.h>
#include <codec/dsse.h>
#include <report/pack.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_MAX ((size_t)256 << 20)

static void
read_payload(struct assay_span payload, struct arena *arena)
{
	CLEANUP(buf_done) struct buf wrapped = BUF_INIT(PACK_INDEX_MAX);
	CLEANUP(buf_done) struct buf again = BUF_INIT(PACK_INDEX_MAX);
	const struct dsse envelope = { .payload_type = PACK_PAYLOAD_TYPE, .payload = payload };
	struct pack_index_signature signature;
	struct pack_index index;

	if (dsse_write(&wrapped, &envelope, NULL) != ASSAY_OK
	    || pack_index_read(buf_span(&wrapped), arena, &index, &signature, NULL) != ASSAY_OK)
		return;
	/* What is read is written the same way. */
	if (pack_index_write(&index, NULL, &again, NULL) != ASSAY_OK
	    || !assay_span_equal(buf_span(&wrapped), buf_span(&again)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_span input = { data, size };
	struct pack p;

	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK)
		return 0;
	if (size > 0 && data[0] == '{')
		read_payload(input, arena);
	else if (pack_read(input, arena, &p, NULL) == ASSAY_OK && p.subject == NULL)
		abort();
	return 0;
}
