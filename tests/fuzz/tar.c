/* SPDX-License-Identifier: Apache-2.0 */
/* An archive that is read to its end is, byte by byte, what writing its members gives. */
#include <codec/tar.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum assay_status
tar_add(struct buf *out, const char *name, struct assay_span bytes, struct assay_error *err)
{
	TRY(tar_add_head(out, name, bytes.len, err));
	buf_add_span(out, bytes);
	return tar_add_padding(out, bytes.len, err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tar_reader r;
	static struct tar_member m;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(64u << 20);
	enum assay_status s;
	r = (struct tar_reader){ .archive = { data, size } };
	while ((s = tar_next(&r, &m, &err)) == ASSAY_OK) {
		if (tar_add(&out, m.name, m.bytes, &err) != ASSAY_OK)
			__builtin_trap();
	}
	if (s != ASSAY_E_NOT_FOUND)
		return 0;
	if (tar_end(&out, &err) != ASSAY_OK || !assay_span_equal(r.archive, buf_span(&out)))
		__builtin_trap();
	return 0;
}
