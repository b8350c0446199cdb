/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/dsse.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct dsse e, f;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf out = BUF_INIT(64u << 20);
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	if (dsse_read((struct assay_span){ data, size }, arena, &e, &err) != ASSAY_OK)
		return 0;
	if (dsse_write(&out, &e, &err) != ASSAY_OK
	    || dsse_read(buf_span(&out), arena, &f, &err) != ASSAY_OK || f.count != e.count
	    || !assay_span_equal(e.payload, f.payload))
		__builtin_trap();
	return 0;
}
