/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip, zlib and ZIP, and what is packed so in other archives, pictures and documents. Members of a ZIP are found by their own heads,
 * wherever they stand: what its list at the end leaves out is there all the same.
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
/* What it takes to begin with a member, in bytes looked at: of empty ones there may be many. */
#define MEMBER_WORK 1024u

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

/* What came of it. */
static void
look_into(struct view *v, size_t at, enum assay_status status, const struct buf *out)
{
	if (CATCH(leak_archive_too_large, status == ASSAY_E_LIMIT))
		scan_unseen(v, at, "an archive that unpacks to more than is read");
	else if (status != ASSAY_OK)
		scan_no_memory(v);
	else if (CATCH(leak_in_archive, out->len > 0))
		scan_inside(v, at, buf_span(out));
}

static void
unpack_inside(struct view *v, size_t at, struct assay_span packed, int window)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(UNPACKED_MAX);
	size_t used = 0;
	look_into(v, at, unpack(v, packed, window, &out, &used), &out);
}

/* ---- gzip ---- */

static bool
is_gzip(struct assay_span b, size_t at)
{
	return b.len - at >= 18 && b.data[at] == 0x1f && b.data[at + 1] == 0x8b && b.data[at + 2] == 8 && (b.data[at + 3] & 0xe0) == 0;
}

/* The member behind the one that ends at at: zeros may fill a block of a tape. */
static size_t
next_gzip(struct assay_span b, size_t at)
{
	while (at < b.len && b.data[at] == 0)
		at++;
	return CATCH(leak_gzip_member, is_gzip(b, at)) ? at : b.len;
}

/* All members of the file as one text, as gunzip has it: a key may be cut in two by them. */
void
look_gzip(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(UNPACKED_MAX);
	const struct assay_span b = v->bytes;
	enum assay_status status = ASSAY_OK;
	size_t used;
	if (!is_gzip(b, at))
		return;
	for (size_t i = at; i < b.len && status == ASSAY_OK; i = used == 0 ? b.len : next_gzip(b, i + used)) {
		used = 0;
		status = scan_afford(v, MEMBER_WORK) ? unpack(v, (struct assay_span){ b.data + i, b.len - i }, 16 + MAX_WBITS, &out, &used) : ASSAY_E_LIMIT;
	}
	look_into(v, at, status, &out);
}

/* ---- archives whose members lie in the clear: but for those that are packed themselves, the one pass sees them ---- */

static bool
is_tar_head(struct assay_span b, size_t at)
{
	return b.len - at >= TAR_BLOCK && memcmp(b.data + at + 257, "ustar", 5) == 0;
}

void
look_in_tar(struct view *v)
{
	const struct assay_span b = v->bytes;
	if (b.len < (size_t)2 * TAR_BLOCK || !is_tar_head(b, 0))
		return;
	for (size_t at = TAR_BLOCK; at < b.len; at += TAR_BLOCK) {
		look_gzip(v, at);
		/* Short marks stand by chance within a member; at the beginning of one they mean what they say. */
		if (CATCH(leak_in_tar, is_tar_head(b, at - TAR_BLOCK)))
			look_opaque(v, at);
	}
}

#define AR_MARK "!<arch>\n"
#define AR_HEAD 60u
#define AR_SIZE 48u /* where it stands in a head, and how many digits it has */
#define AR_DIGITS 10u

static size_t
ar_size(const unsigned char *head)
{
	size_t size = 0;
	for (size_t i = 0; i < AR_DIGITS && head[AR_SIZE + i] >= '0' && head[AR_SIZE + i] <= '9'; i++)
		size = size * 10 + (size_t)(head[AR_SIZE + i] - '0');
	return size;
}

/* Packages of Debian, static libraries. */
void
look_in_ar(struct view *v)
{
	const struct assay_span b = v->bytes;
	size_t at = sizeof AR_MARK - 1;
	if (b.len < at || memcmp(b.data, AR_MARK, at) != 0)
		return;
	while (b.len - at > AR_HEAD && memcmp(b.data + at + AR_HEAD - 2, "`\n", 2) == 0) {
		const size_t size = ar_size(b.data + at), content = at + AR_HEAD;
		look_gzip(v, content);
		if (CATCH(leak_in_ar, size > 0))
			look_opaque(v, content);
		if (size >= b.len - content)
			break;
		at = content + size + (size & 1);
	}
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

/* ---- zlib: an object of git that lies loose, a stream of anything ---- */

static bool
is_zlib(struct assay_span b)
{
	return b.len > 8 && (b.data[0] & 0x0f) == Z_DEFLATED && b.data[0] >> 4 <= 7 && (b.data[1] & 0x20) == 0 &&
	    ((unsigned)b.data[0] << 8 | b.data[1]) % 31 == 0;
}

static void
zlib_at(struct view *v, size_t at)
{
	const struct assay_span rest = { v->bytes.data + at, v->bytes.len - at };
	if (is_zlib(rest))
		unpack_inside(v, at, rest, MAX_WBITS);
}

void
look_zlib(struct view *v)
{
	zlib_at(v, 0);
}

/* ---- lzma of the first form: it has no mark, but a head whose fields hardly anything else has ---- */

#define LZMA_HEAD 13u

void
look_lzma(struct view *v, size_t at)
{
	static const unsigned char unknown[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const unsigned char *p = v->bytes.data + at;
	if (v->bytes.len - at <= LZMA_HEAD + 4 || p[0] >= 9 * 5 * 5 || p[LZMA_HEAD] != 0)
		return;
	/* A power of two, or that and the half of it. */
	const uint32_t window = u16(p + 1) | (uint32_t)u16(p + 3) << 16, rest = window & (window - 1);
	const bool round = window >= 4096 && (rest == 0 || ((rest & (rest - 1)) == 0 && window - rest == rest >> 1));
	const bool size = memcmp(p + 5, unknown, sizeof unknown) == 0 || (p[0] == 0x5d && p[10] == 0 && p[11] == 0 && p[12] == 0);
	if (CATCH(leak_lzma, round && size))
		scan_unseen(v, at, "an lzma archive");
}

/* ---- PNG: text and profiles are packed ---- */

#define PNG_HEAD 8u

/* Where what is packed begins in a chunk of text; 0: nothing is. */
static size_t
png_packed(struct assay_span chunk, const unsigned char *type)
{
	const bool international = memcmp(type, "iTXt", 4) == 0;
	if (!international && memcmp(type, "zTXt", 4) != 0 && memcmp(type, "iCCP", 4) != 0)
		return 0;
	const unsigned char *end = chunk.len == 0 ? NULL : memchr(chunk.data, 0, chunk.len);
	size_t at = end == NULL ? chunk.len : (size_t)(end - chunk.data) + 1;
	if (!international)
		return at + 1;
	/* A flag, the method, a language, the keyword in it. */
	if (at + 2 > chunk.len || chunk.data[at] == 0)
		return 0;
	at += 2;
	for (unsigned words = 0; words < 2 && at < chunk.len; at++)
		words += chunk.data[at] == 0;
	return at;
}

void
look_png(struct view *v)
{
	const struct assay_span b = v->bytes;
	size_t at = PNG_HEAD;
	if (b.len < PNG_HEAD || memcmp(b.data, "\x89PNG\r\n\x1a\n", PNG_HEAD) != 0)
		return;
	while (b.len - at >= 12) {
		const unsigned char *p = b.data + at;
		const size_t said = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3], left = b.len - at - 8;
		const struct assay_span chunk = { p + 8, said < left ? said : left };
		const size_t packed = png_packed(chunk, p + 4);
		if (CATCH(leak_in_png, packed > 0 && packed < chunk.len))
			zlib_at(v, at + 8 + packed);
		if (left - chunk.len < 4)
			break;
		at += 8 + chunk.len + 4;
	}
}

/* ---- PDF: streams are packed, and what a page shows as text isn't written as such ---- */

void
look_pdf(struct view *v)
{
	static const char word[] = "stream";
	const size_t len = sizeof word - 1;
	const struct assay_span b = v->bytes;
	bool any = false;
	if (b.len < 5 || memcmp(b.data, "%PDF-", 5) != 0)
		return;
	for (size_t i = 5; i + len + 2 < b.len; i++) {
		if (b.data[i] != 's' || memcmp(b.data + i, word, len) != 0)
			continue;
		const size_t at = i + len + (b.data[i + len] == '\r') + 1;
		any = true;
		if (CATCH(leak_in_pdf, b.data[at - 1] == '\n'))
			zlib_at(v, at);
	}
	if (CATCH(leak_pdf, any))
		scan_unseen(v, 0, "a PDF document, whose pages aren't read");
}
