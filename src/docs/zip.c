/* SPDX-License-Identifier: Apache-2.0 */
#include "zip.h"

#include <base/cleanup.h>
#include <base/unconst.h>
#include <string.h>
#include <zlib.h>

/* APPNOTE 4.3: sizes of the fixed parts, and where in them the fields stand. */
#define END_SIZE 22
#define CENTRAL_SIZE 46
#define LOCAL_SIZE 30
#define COMMENT_MAX 65535
#define FLAG_ENCRYPTED 0x0001
#define FLAG_DESCRIPTOR 0x0008

static uint16_t
u16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t
u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static enum assay_status
bad(struct assay_error *err, const char *why)
{
	return assay_fail(err, ASSAY_E_FORMAT, "not a sound archive: %s", why);
}

/* The end record must be the last thing in the file: another reader could choose another one. */
static enum assay_status
find_end(struct assay_span b, size_t *ret_at, struct assay_error *err)
{
	static const unsigned char old_office[] = { 0xD0, 0xCF, 0x11, 0xE0 };
	if (b.len >= sizeof old_office && memcmp(b.data, old_office, sizeof old_office) == 0)
		return bad(err, "it is an encrypted document, or one in the format before DOCX");
	for (size_t back = END_SIZE; back <= b.len && back <= END_SIZE + COMMENT_MAX; back++) {
		const unsigned char *p = b.data + b.len - back;
		if (memcmp(p, "PK\5\6", 4) != 0)
			continue;
		if (u16(p + 20) != back - END_SIZE)
			return bad(err, "something follows its end");
		*ret_at = b.len - back;
		return ASSAY_OK;
	}
	return bad(err, "it has no end record");
}

static const char *
why_not(const unsigned char *p, uint16_t method)
{
	if (u16(p + 8) & FLAG_ENCRYPTED)
		return "a member is encrypted";
	if (method != 0 && method != 8)
		return "a member is packed by another method than deflate";
	if (u32(p + 20) == UINT32_MAX || u32(p + 24) == UINT32_MAX || u32(p + 42) == UINT32_MAX)
		return "it is of the ZIP64 kind";
	if (method == 0 && u32(p + 20) != u32(p + 24))
		return "a stored member has two sizes";
	return NULL;
}

/* The local header before a member's data says the same name, method and, where it says them, sizes. */
static enum assay_status
confirm_local(const struct zip *z, const struct zip_member *m, struct assay_error *err)
{
	const struct assay_span b = z->bytes;
	const size_t name_len = strlen(m->name);
	if (m->offset > b.len || b.len - m->offset < LOCAL_SIZE + name_len)
		return bad(err, "a member lies outside");
	const unsigned char *p = b.data + m->offset;
	const bool later = (u16(p + 6) & FLAG_DESCRIPTOR) != 0;
	if (memcmp(p, "PK\3\4", 4) != 0 || u16(p + 26) != name_len || memcmp(p + LOCAL_SIZE, m->name, name_len) != 0
	    || u16(p + 8) != m->method || (u16(p + 6) & FLAG_ENCRYPTED) != 0)
		return bad(err, "a member's own header says otherwise than the directory");
	if (!later && (u32(p + 18) != m->packed || u32(p + 22) != m->size || u32(p + 14) != m->crc))
		return bad(err, "a member's own header says otherwise than the directory");
	const size_t data = LOCAL_SIZE + name_len + u16(p + 28);
	if (b.len - m->offset < data || b.len - m->offset - data < m->packed)
		return bad(err, "a member lies outside");
	return ASSAY_OK;
}

static enum assay_status
read_entry(struct zip *z, size_t *at, size_t end, struct assay_error *err)
{
	const unsigned char *p = z->bytes.data + *at;
	if (end - *at < CENTRAL_SIZE || memcmp(p, "PK\1\2", 4) != 0)
		return bad(err, "its directory is damaged");
	const size_t name_len = u16(p + 28), size = CENTRAL_SIZE + name_len + u16(p + 30) + u16(p + 32);
	if (end - *at < size || name_len == 0 || name_len > ZIP_NAME_MAX || memchr(p + CENTRAL_SIZE, 0, name_len) != NULL)
		return bad(err, "its directory is damaged");
	struct zip_member m = { .packed = u32(p + 20), .size = u32(p + 24), .crc = u32(p + 16), .offset = u32(p + 42),
		.method = u16(p + 10) };
	const char *why = why_not(p, m.method);
	if (why != NULL)
		return bad(err, why);
	m.name = arena_copy(z->arena, (struct assay_span){ p + CENTRAL_SIZE, name_len });
	if (m.name == NULL)
		return arena_full(err);
	if (zip_find(z, m.name) != NULL)
		return bad(err, "two members have one name");
	TRY(confirm_local(z, &m, err));
	z->members[z->count++] = m;
	*at += size;
	return ASSAY_OK;
}

enum assay_status
zip_open(struct assay_span bytes, struct arena *arena, struct zip *ret_zip, struct assay_error *err)
{
	struct zip z = { .bytes = bytes, .arena = arena };
	size_t end = 0;
	TRY(find_end(bytes, &end, err));
	const unsigned char *p = bytes.data + end;
	const size_t count = u16(p + 10), size = u32(p + 12), offset = u32(p + 16);
	if (u16(p + 4) != 0 || u16(p + 6) != 0 || u16(p + 8) != count)
		return bad(err, "it is one of several disks");
	if (count > ZIP_MEMBERS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "an archive of more than %d members", ZIP_MEMBERS_MAX);
	if (offset > end || end - offset != size)
		return bad(err, "its directory lies elsewhere");
	z.members = arena_array(arena, count + 1, sizeof *z.members);
	if (z.members == NULL)
		return arena_full(err);
	size_t at = offset;
	for (size_t i = 0; i < count; i++)
		TRY(read_entry(&z, &at, end, err));
	if (at != end)
		return bad(err, "its directory is damaged");
	*ret_zip = z;
	return ASSAY_OK;
}

const struct zip_member *
zip_find(const struct zip *z, const char *name)
{
	for (size_t i = 0; i < z->count; i++) {
		if (strcasecmp(z->members[i].name, name) == 0)
			return &z->members[i];
	}
	return NULL;
}

static void
inflate_done(z_stream *s)
{
	(void)inflateEnd(s);
}

static enum assay_status
unpack(struct assay_span packed, unsigned char *out, size_t size, struct assay_error *err)
{
	CLEANUP(inflate_done) z_stream s = { .next_in = unconst(packed.data), .avail_in = (uInt)packed.len, .next_out = out,
		.avail_out = (uInt)size };
	/* Negative: raw deflate, without zlib's own header. */
	if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
		return arena_full(err);
	if (inflate(&s, Z_FINISH) != Z_STREAM_END || s.total_out != size || s.avail_in != 0)
		return bad(err, "a member can't be unpacked to what the directory says");
	return ASSAY_OK;
}

enum assay_status
zip_read(struct zip *z, const struct zip_member *m, struct assay_span *ret_bytes, struct assay_error *err)
{
	const unsigned char *local = z->bytes.data + m->offset;
	const struct assay_span packed = { local + LOCAL_SIZE + u16(local + 26) + u16(local + 28), m->packed };
	if (m->size > ZIP_MEMBER_MAX || z->read + m->size > ZIP_TOTAL_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a member of more than %u bytes, or more than %u in all", ZIP_MEMBER_MAX,
		    ZIP_TOTAL_MAX);
	if (m->size > ZIP_RATIO_FROM && m->size / ZIP_RATIO_MAX > m->packed)
		return assay_fail(err, ASSAY_E_LIMIT, "a member packed to less than a %dth of itself", ZIP_RATIO_MAX);
	/* One more byte: a member that holds more than it says must not end well. */
	unsigned char *out = arena_alloc(z->arena, (size_t)m->size + 1);
	if (out == NULL)
		return arena_full(err);
	if (m->method == 0)
		memcpy(out, packed.data, m->size);
	else
		TRY(unpack(packed, out, m->size, err));
	if (crc32(crc32(0, NULL, 0), out, m->size) != m->crc)
		return bad(err, "a member's checksum is wrong");
	z->read += m->size;
	*ret_bytes = (struct assay_span){ out, m->size };
	return ASSAY_OK;
}
