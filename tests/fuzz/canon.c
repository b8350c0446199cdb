/* SPDX-License-Identifier: Apache-2.0 */
/* What is read and written is canonical: reading and writing it again gives the same bytes. */
#include <codec/canon.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum assay_status
again(struct assay_span bytes, struct buf *out)
{
	struct assay_error err = { 0 };
	CLEANUP(canon_unref) json_t *value = NULL;
	TRY(canon_read(bytes, "fuzz", &value, &err));
	if (canon_write(value, out, &err) != ASSAY_OK)
		__builtin_trap();
	return ASSAY_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf first = BUF_INIT(64u << 20);
	CLEANUP(buf_done) struct buf second = BUF_INIT(64u << 20);
	if (again((struct assay_span){ data, size }, &first) != ASSAY_OK)
		return 0;
	if (again(buf_span(&first), &second) != ASSAY_OK
	    || !assay_span_equal(buf_span(&first), buf_span(&second)))
		__builtin_trap();
	return 0;
}
