/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP as strangers write it (APPNOTE): found from its end, whatever stands before it. What its directory and the members' own headers
 * disagree on, and members that the directory doesn't name, are told: programs go by the one or by the other.
 */
#include "inside.h"

#include <base/buf.h>
#include <base/cleanup.h>

#define END_SIZE 22u
#define CENTRAL_SIZE 46u
#define LOCAL_SIZE 30u
#define COMMENT_MAX 65535u
#define FLAG_ENCRYPTED 0x0001u
#define FLAG_DESCRIPTOR 0x0008u
#define MADE_BY_UNIX 3u

struct zip_work {
	struct inside *w;
	const struct within *a;
	struct look l;           /* over the archive's bytes, for its numbers */
	struct seal_file file;
	uint64_t base;           /* of the first local header: what stands before it is no part of the archive */
	uint64_t directory, count;
	uint64_t *starts;        /* of each member's local header */
	uint64_t *ends;          /* of each member's data */
	size_t known;
	bool told;               /* that it is inconsistent */
};

static void
numbers(struct look *l, struct seal_file *file, struct assay_span bytes)
{
	*file = (struct seal_file){ .path = "", .size = bytes.len, .bytes = bytes };
	*l = (struct look){ .file = file, .bytes = bytes };
}

/* The end record, at most a comment before the end. */
static bool
find_end(const struct look *l, uint64_t *ret_at)
{
	const size_t len = l->bytes.len, most = END_SIZE + COMMENT_MAX;
	size_t at = len > most ? len - most : 0;
	bool found = false;
	while (at < len) {
		const unsigned char *hit = memmem(l->bytes.data + at, len - at, "PK\5\6", 4);
		if (hit == NULL)
			break;
		at = (size_t)(hit - l->bytes.data);
		/* The last one counts whose comment has room. */
		if (len - at >= END_SIZE && look_le16(l, at + 20) <= len - at - END_SIZE) {
			*ret_at = at;
			found = true;
		}
		at++;
	}
	return found;
}

static bool
ends_with(const char *path, const char *ending)
{
	const size_t len = strlen(path), n = strlen(ending);
	return len >= n && strcasecmp(path + len - n, ending) == 0;
}

/* By its end: four bytes alone, in a program that knows of archives, make none. */
static enum seal_known
by_end(const struct look *l, bool begins)
{
	uint64_t at = 0;
	if (!find_end(l, &at))
		return begins ? look_short(l) : SEAL_NOT;
	const uint64_t size = look_le32(l, at + 12);
	if (size > at)
		return begins ? SEAL_LYING : SEAL_NOT;
	const bool empty = at == 0 && l->bytes.len == l->file->size;
	return begins || empty || look_is(l, at - size, "PK\1\2", 4) ? SEAL_BY_BYTES : SEAL_NOT;
}

static bool
is_jar(const struct look *l)
{
	static const char *const jars[] = { ".jar", ".war", ".ear", ".apk", ".aar" };
	for (size_t i = 0; i < sizeof jars / sizeof jars[0]; i++) {
		if (ends_with(l->file->path, jars[i]))
			return true;
	}
	return memmem(l->bytes.data, l->bytes.len, "META-INF/MANIFEST.MF", 20) != NULL;
}

enum seal_known
look_zip(struct look *l)
{
	const enum seal_known *kinds = l->out->kinds;
	const bool begins = look_is(l, 0, "PK\3\4", 4);
	/* Its last member is a zip, maybe; what stands behind its members is told when they are read. */
	if (!begins && (kinds[SEAL_TAR] != SEAL_NOT || kinds[SEAL_AR] != SEAL_NOT || kinds[SEAL_CPIO] != SEAL_NOT))
		return SEAL_NOT;
	const enum seal_known known = by_end(l, begins);
	if (known != SEAL_NOT && is_jar(l))
		look_set(l, SEAL_JAR, known);
	return known;
}

static enum assay_status
inconsistent(struct zip_work *z, struct assay_error *err)
{
	if (z->told)
		return ASSAY_OK;
	z->told = true;
	return inside_problem(z->w, SEAL_INSIDE_INCONSISTENT, z->a->path, err);
}

/* The data of a member by its own header; false when it isn't where the directory says, or says something else. */
static bool
local(struct zip_work *z, uint64_t at, uint64_t central, struct assay_span *ret_data, uint64_t *ret_end)
{
	const struct look *l = &z->l;
	const uint64_t name = look_le16(l, central + 28), packed = look_le32(l, central + 20);
	if (!look_is(l, at, "PK\3\4", 4) || !look_has(l, at, LOCAL_SIZE))
		return false;
	const uint64_t data = at + LOCAL_SIZE + look_le16(l, at + 26) + look_le16(l, at + 28);
	const bool later = (look_le16(l, at + 6) & FLAG_DESCRIPTOR) != 0;
	if (!look_has(l, data, packed) || look_le16(l, at + 26) != name || look_le16(l, at + 8) != look_le16(l, central + 10)
	    || memcmp(l->bytes.data + at + LOCAL_SIZE, l->bytes.data + central + CENTRAL_SIZE, (size_t)name) != 0)
		return false;
	if (!later && (look_le32(l, at + 18) != packed || look_le32(l, at + 22) != look_le32(l, central + 24)
	    || look_le32(l, at + 14) != look_le32(l, central + 16)))
		return false;
	*ret_data = (struct assay_span){ l->bytes.data + data, (size_t)packed };
	/* Behind the data may stand what the header left open, with a mark of its own or without. */
	*ret_end = data + packed + (!later ? 0 : look_is(l, data + packed, "PK\7\10", 4) ? 16 : 12);
	return true;
}

static enum assay_status
unpack(struct zip_work *z, struct seal_file *f, uint64_t central, struct assay_span data, struct buf *out, struct assay_error *err)
{
	const unsigned method = look_le16(&z->l, central + 10);
	size_t used = 0;
	if (method == 0) {
		f->bytes = data;
		return f->size == data.len ? ASSAY_OK : inconsistent(z, err);
	}
	if (method != 8)
		return inside_problem(z->w, SEAL_INSIDE_NOT_OPENED, z->a->path, err);
	const enum assay_status status = inside_inflate(z->w, data, true, out, &used);
	if (status == ASSAY_E_MEMORY)
		return arena_full(err);
	f->bytes = buf_span(out);
	if (status == ASSAY_E_LIMIT && !z->w->told_large) {
		z->w->told_large = true;
		TRY(inside_problem(z->w, SEAL_INSIDE_TOO_LARGE, z->a->path, err));
	} else if (status == ASSAY_E_FORMAT) {
		TRY(inside_problem(z->w, SEAL_INSIDE_MALFORMED, z->a->path, err));
	} else if (status == ASSAY_OK && (f->size != f->bytes.len || used != data.len)) {
		TRY(inconsistent(z, err));
		f->size = f->bytes.len;
	}
	return ASSAY_OK;
}

/* Mode and type as Unix writes them; what else writes says by a '/' at the end what is a folder. */
static void
type_and_mode(const struct zip_work *z, uint64_t central, struct seal_file *f)
{
	const bool by_unix = look_le16(&z->l, central + 4) >> 8 == MADE_BY_UNIX;
	const uint32_t mode = by_unix ? look_le32(&z->l, central + 38) >> 16 : 0;
	const size_t len = strlen(f->path);
	f->mode = mode & 07777;
	f->type = (mode & 0170000) == 0120000 ? SEAL_TYPE_LINK : len > 0 && f->path[len - 1] == '/' ? SEAL_TYPE_FOLDER : SEAL_TYPE_FILE;
}

static enum assay_status
entry(struct zip_work *z, uint64_t central, bool *ret_more, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(SEAL_INSIDE_BYTES_MAX);
	const struct look *l = &z->l;
	const uint64_t at = z->base + look_le32(l, central + 42);
	struct assay_span data = { NULL, 0 };
	struct seal_file f = { .size = look_le32(l, central + 24) };
	f.path = arena_copy(z->w->arena, (struct assay_span){ l->bytes.data + central + CENTRAL_SIZE, look_le16(l, central + 28) });
	if (f.path == NULL)
		return arena_full(err);
	type_and_mode(z, central, &f);
	if (strlen(f.path) != look_le16(l, central + 28))
		TRY(inconsistent(z, err));
	z->starts[z->known] = at;
	const bool sound = local(z, at, central, &data, &z->ends[z->known]);
	if (sound)
		z->known++;
	if (!sound)
		TRY(inconsistent(z, err));
	else if ((look_le16(l, central + 8) & FLAG_ENCRYPTED) != 0)
		TRY(inside_problem(z->w, SEAL_INSIDE_ENCRYPTED, z->a->path, err));
	else if (f.type != SEAL_TYPE_FOLDER && z->w->members_left > 0)
		TRY(unpack(z, &f, central, data, &out, err));
	if (f.bytes.len > f.size)
		f.size = f.bytes.len;
	if (f.type == SEAL_TYPE_LINK) {
		f.target = arena_copy(z->w->arena, f.bytes);
		if (f.target == NULL)
			return arena_full(err);
	}
	if (f.type != SEAL_TYPE_FILE)
		f.bytes = (struct assay_span){ NULL, f.size = 0 };
	return inside_member(z->w, z->a, &f, ret_more, err);
}

/* A header where a member ends, or at the archive's beginning, that the directory doesn't name: a member hidden from those who go by it. */
static bool
is_hidden(const struct zip_work *z, uint64_t at, size_t near)
{
	if (!look_is(&z->l, at, "PK\3\4", 4))
		return false;
	/* Nearly always it is the next one. */
	for (size_t k = 0; k < z->known; k++) {
		if (z->starts[(near + k) % z->known] == at)
			return false;
	}
	return true;
}

static enum assay_status
find_hidden(struct zip_work *z, struct assay_error *err)
{
	bool hidden = is_hidden(z, 0, 0);
	for (size_t i = 0; i < z->known && !hidden; i++)
		hidden = is_hidden(z, z->ends[i], i + 1);
	return hidden ? inconsistent(z, err) : ASSAY_OK;
}

static enum assay_status
entries(struct zip_work *z, uint64_t end, struct assay_error *err)
{
	uint64_t at = z->directory;
	bool more = true;
	for (uint64_t i = 0; more && i < z->count; i++) {
		const uint64_t own = CENTRAL_SIZE + look_le16(&z->l, at + 28) + look_le16(&z->l, at + 30) + look_le16(&z->l, at + 32);
		if (!look_is(&z->l, at, "PK\1\2", 4) || !look_has(&z->l, at, own))
			return inside_problem(z->w, SEAL_INSIDE_MALFORMED, z->a->path, err);
		TRY(entry(z, at, &more, err));
		at += own;
	}
	if (more && at != end)
		TRY(inconsistent(z, err));
	return more ? find_hidden(z, err) : ASSAY_OK;
}

enum assay_status
inside_zip(struct inside *w, const struct within *a, struct assay_error *err)
{
	struct zip_work z = { .w = w, .a = a };
	uint64_t end = 0;
	numbers(&z.l, &z.file, a->bytes);
	if (!a->whole || !find_end(&z.l, &end))
		return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
	const uint64_t size = look_le32(&z.l, end + 12), offset = look_le32(&z.l, end + 16);
	z.count = look_le16(&z.l, end + 10);
	if (size == UINT32_MAX || offset == UINT32_MAX || z.count == UINT16_MAX)
		return inside_problem(w, SEAL_INSIDE_NOT_OPENED, a->path, err);
	if (size > end || offset > end - size)
		return inside_problem(w, SEAL_INSIDE_MALFORMED, a->path, err);
	z.directory = end - size;
	z.base = z.directory - offset;
	z.starts = arena_array(w->arena, (size_t)z.count + 1, sizeof *z.starts);
	z.ends = arena_array(w->arena, (size_t)z.count + 1, sizeof *z.ends);
	if (z.starts == NULL || z.ends == NULL)
		return arena_full(err);
	return entries(&z, end, err);
}
