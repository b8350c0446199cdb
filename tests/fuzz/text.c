/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text functions on any bytes: what is escaped is UTF-8 without a control, what is a date comes back the same.
 * The first byte splits the rest into a pattern and a path.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool good)
{
	if (!good)
		abort();
}

static void
try_escape(struct assay_span s)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20);
	text_escape(&out, s, false);
	if (out.status != ASSAY_OK)
		return;
	expect(text_is_utf8(buf_span(&out)));
	for (size_t i = 0; i < out.len; i++)
		expect(out.data[i] >= 0x20 && out.data[i] != 0x7f);
	/* Escaped text has nothing left to escape. */
	CLEANUP(buf_done) struct buf again = BUF_INIT(16u << 20);
	text_escape(&again, buf_span(&out), false);
	expect(assay_span_equal(buf_span(&out), buf_span(&again)));
}

static void
try_date(struct assay_span s)
{
	int64_t seconds, again;
	char text[WHEN_TEXT_SIZE];
	if (when_parse(s, &seconds, NULL) != ASSAY_OK)
		return;
	when_format(seconds, text);
	expect(when_parse(assay_span_str(text), &again, NULL) == ASSAY_OK && again == seconds);
}

static void
try_hex(struct assay_span s)
{
	unsigned char bytes[64];
	char hex[129];
	if (s.len > 128 || s.len % 2 != 0 || text_unhex(s, bytes, s.len / 2) != ASSAY_OK)
		return;
	text_hex((struct assay_span) { bytes, s.len / 2 }, hex);
	expect(strlen(hex) == s.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 8192)
		return 0;
	struct assay_span all = { data + 1, size - 1 };
	size_t split = data[0] < all.len ? data[0] : all.len;
	struct assay_span pattern = { all.data, split }, path = { all.data + split, all.len - split };
	uint64_t number;
	try_escape(all);
	try_date(all);
	try_hex(all);
	if (text_to_u64(all, &number) == ASSAY_OK)
		expect(all.len > 0);
	bool matched = text_match(pattern, path);
	/* A path is a pattern of itself where it has no special byte. */
	if (memchr(path.data, '*', path.len) == NULL && path.len <= TEXT_PATTERN_MAX)
		expect(text_match(path, path));
	(void)matched;
	return 0;
}
