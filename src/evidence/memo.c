/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stored as "assay-memo-2", LF, the SHA-256 of the stream that was hashed, then records sorted by id: 32 bytes of id, result,
 * code, flags, counter (big-endian).
 */
#include <base/cleanup.h>
#include <evidence/memo.h>
#include <evidence/places.h>

#define MEMO_MAGIC "assay-memo-2\n"
#define MEMO_MAGIC_LEN (sizeof MEMO_MAGIC - 1)
#define MEMO_HEAD (MEMO_MAGIC_LEN + ASSAY_SHA256_SIZE)
#define MEMO_RECORD (OID_MAX + 7)

struct memo {
	struct arena *arena;
	const unsigned char *records;
	uint32_t count;
	struct oid_index by_id;
	bool has_stream;
	unsigned char stream[ASSAY_SHA256_SIZE];
	bool changed;
};

static enum assay_status
broken(struct assay_error *err, const char *how)
{
	return assay_fail(err, ASSAY_E_FORMAT, "the memo of earlier verifications %s", how);
}

static enum assay_status
take_records(struct memo *m, const unsigned char *records, size_t count, struct assay_error *err)
{
	for (size_t i = 1; i < count; i++) {
		const unsigned char *at = records + i * MEMO_RECORD;
		if (memcmp(at - MEMO_RECORD, at, OID_MAX) >= 0)
			return broken(err, "isn't sorted");
	}
	TRY(oid_index_build(m->arena, records, MEMO_RECORD, (uint32_t)count, &m->by_id, err));
	m->records = records;
	m->count = (uint32_t)count;
	return ASSAY_OK;
}

enum assay_status
memo_load(struct assay_span bytes, struct arena *arena, struct memo **ret_memo,
    struct assay_error *err)
{
	struct memo *m = arena_alloc(arena, sizeof *m);
	if (m == NULL)
		return arena_full(err);
	m->arena = arena;
	if (bytes.len > 0) {
		if (bytes.len < MEMO_HEAD || memcmp(bytes.data, MEMO_MAGIC, MEMO_MAGIC_LEN) != 0)
			return broken(err, "begins with other words");
		size_t rest = bytes.len - MEMO_HEAD;
		if (rest % MEMO_RECORD != 0 || rest / MEMO_RECORD > MEMO_ENTRIES_MAX)
			return broken(err, "is cut or too long");
		memcpy(m->stream, bytes.data + MEMO_MAGIC_LEN, sizeof m->stream);
		m->has_stream = true;
		TRY(take_records(m, bytes.data + MEMO_HEAD, rest / MEMO_RECORD, err));
	}
	*ret_memo = m;
	return ASSAY_OK;
}

static void
unpack(const unsigned char *record, struct memo_entry *ret_entry)
{
	const unsigned char *rest = record + OID_MAX;
	memcpy(ret_entry->id.b, record, OID_MAX);
	ret_entry->result = rest[0];
	ret_entry->code = rest[1];
	ret_entry->flags = rest[2];
	ret_entry->counter = (uint32_t)rest[3] << 24 | (uint32_t)rest[4] << 16 |
	    (uint32_t)rest[5] << 8 | rest[6];
}

static void
pack(const struct memo_entry *e, unsigned char *record)
{
	unsigned char *rest = record + OID_MAX;
	memcpy(record, e->id.b, OID_MAX);
	rest[0] = e->result;
	rest[1] = e->code;
	rest[2] = e->flags;
	for (unsigned i = 0; i < 4; i++)
		rest[3 + i] = (unsigned char)(e->counter >> (24 - 8 * i) & 0xff);
}

_Bool
memo_find(const struct memo *m, const struct oid *id, struct memo_entry *ret_entry)
{
	uint32_t place = oid_index_find(&m->by_id, id);
	if (place == UINT32_MAX)
		return false;
	unpack(m->records + (size_t)place * MEMO_RECORD, ret_entry);
	return true;
}

_Bool
memo_hashed(const struct memo *m, const unsigned char stream_sha256[ASSAY_SHA256_SIZE])
{
	static const unsigned char unsealed[ASSAY_SHA256_SIZE];
	return m->has_stream && memcmp(stream_sha256, unsealed, sizeof unsealed) != 0 &&
	    memcmp(m->stream, stream_sha256, sizeof m->stream) == 0;
}

enum assay_status
memo_set(struct memo *m, const struct memo_entry *entries, size_t count,
    const unsigned char stream_sha256[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	bool changed = m->changed || !memo_hashed(m, stream_sha256);
	if (count > MEMO_ENTRIES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %u verifications to remember",
		    MEMO_ENTRIES_MAX);
	unsigned char *records = arena_array(m->arena, count, MEMO_RECORD);
	if (count > 0 && records == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++) {
		unsigned char *record = records + i * MEMO_RECORD;
		uint32_t old = oid_index_find(&m->by_id, &entries[i].id);
		if (i > 0 && oid_compare(&entries[i - 1].id, &entries[i].id) >= 0)
			return assay_fail(err, ASSAY_E_USAGE, "verifications to remember aren't sorted");
		pack(&entries[i], record);
		changed = changed || old == UINT32_MAX ||
		    memcmp(m->records + (size_t)old * MEMO_RECORD, record, MEMO_RECORD) != 0;
	}
	TRY(take_records(m, records, count, err));
	memcpy(m->stream, stream_sha256, sizeof m->stream);
	m->has_stream = true;
	m->changed = changed;
	return ASSAY_OK;
}

enum assay_status
memo_dump(const struct memo *m, struct buf *out, struct assay_error *err)
{
	buf_add_str(out, MEMO_MAGIC);
	buf_add(out, m->stream, sizeof m->stream);
	buf_add(out, m->records, (size_t)m->count * MEMO_RECORD);
	return buf_status(out, "the memo of verifications", err);
}

_Bool
memo_changed(const struct memo *m)
{
	return m->changed;
}
