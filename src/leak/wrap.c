/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip and ZIP. Members of a ZIP are found by their own heads, wherever they stand: what its list at the end leaves out is there all the
 * same.
 */
#include "inside.h"

#include <base/catch.h>
#include <base/unconst.h>
#include <zlib.h>

#define UNPACKED_MAX ((size_t)256 << 20)
#define PIECE ((size_t)1 << 16)
#define ZIP_HEAD 30u
#define ZIP_ENCRYPTED 1u
#define ZIP_STORED 0u
#define ZIP_DEFLATED 8u
#define TAR_BLOCK 512u

static void
inflate_done(z_stream *s)
{
	(void)inflateEnd(s);
}

/*
 * All that comes out, a damaged rest left aside. window: as zlib's inflateInit2() has it. The input is handed over in pieces that
 * zlib's counts can hold.
 */
static enum assay_status
unpack(struct view *v, struct assay_span packed, int window, struct buf *out, size_t *ret_used)
{
	unsigned char piece[PIECE];
	CLEANUP(inflate_done) z_stream s = { 0 };
	size_t given = 0;
	int result = Z_OK;
	if (inflateInit2(&s, window) != Z_OK)
		return ASSAY_E_MEMORY;
	while (result == Z_OK || result == Z_BUF_ERROR) {
		if (s.avail_in == 0 && given < packed.len) {
			const size_t n = packed.len - given < PIECE ? packed.len - given : PIECE;
			s.next_in = unconst(packed.data + given);
			s.avail_in = (uInt)n;
			given += n;
		}
		s.next_out = piece;
		s.avail_out = (uInt)sizeof piece;
		const uInt before = s.avail_in;
		result = inflate(&s, Z_NO_FLUSH);
		const size_t came = sizeof piece - s.avail_out;
		buf_add(out, piece, came);
		if (out->status != ASSAY_OK || !scan_afford(v, came))
			return ASSAY_E_LIMIT;
		if (came == 0 && s.avail_in == before && given == packed.len)
			break;
	}
	*ret_used = given - s.avail_in;
	return ASSAY_OK;
}

static void
unpack_inside(struct view *v, size_t at, struct assay_span packed, int window)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(UNPACKED_MAX);
	size_t used = 0;
	const enum assay_status status = unpack(v, packed, window, &out, &used);
	if (CATCH(leak_archive_too_large, status == ASSAY_E_LIMIT))
		scan_unseen(v, at, "an archive that unpacks to more than is read");
	else if (status != ASSAY_OK)
		scan_no_memory(v);
	else if (CATCH(leak_in_archive, out.len > 0))
		scan_inside(v, at, buf_span(&out));
}

/* ---- gzip ---- */

static bool
is_gzip(struct assay_span b, size_t at)
{
	return b.len - at >= 18 && b.data[at] == 0x1f && b.data[at + 1] == 0x8b && b.data[at + 2] == 8 && (b.data[at + 3] & 0xe0) == 0;
}

static void
gzip_at(struct view *v, size_t at)
{
	unpack_inside(v, at, (struct assay_span){ v->bytes.data + at, v->bytes.len - at }, 16 + MAX_WBITS);
}

void
look_gzip(struct view *v)
{
	const struct assay_span b = v->bytes;
	if (is_gzip(b, 0))
		gzip_at(v, 0);
	if (b.len < (size_t)2 * TAR_BLOCK || memcmp(b.data + 257, "ustar", 5) != 0)
		return;
	for (size_t at = TAR_BLOCK; at < b.len; at += TAR_BLOCK)
		if (is_gzip(b, at))
			gzip_at(v, at);
}

/* ---- ZIP ---- */

static unsigned
u16(const unsigned char *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

void
act_zip(struct view *v, size_t at)
{
	const struct assay_span b = v->bytes;
	const unsigned char *p = b.data + at;
	if (b.len - at < ZIP_HEAD)
		return;
	const unsigned flags = u16(p + 6), method = u16(p + 8);
	const size_t head = (size_t)ZIP_HEAD + u16(p + 26) + u16(p + 28);
	if (p[5] != 0 || head > b.len - at || u16(p + 26) == 0)
		return;
	if (CATCH(leak_archive_encrypted, (flags & ZIP_ENCRYPTED) != 0))
		scan_unseen(v, at, "a ZIP member that is encrypted");
	else if (method == ZIP_DEFLATED)
		unpack_inside(v, at, (struct assay_span){ p + head, b.len - at - head }, -MAX_WBITS);
	else if (method != ZIP_STORED)
		scan_unseen(v, at, "a ZIP member that is packed in another way");
}
