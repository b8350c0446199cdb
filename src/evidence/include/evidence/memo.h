/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was verified before, so that it isn't again: for an object id, the outcome of its signature's arithmetic.
 * An id fixes its object's bytes, so this holds for ever, whatever the roster says. The bytes of a memo come
 * from a cache whose MAC was checked (ledger/cache.h); here they are only looked up.
 */
#pragma once

#include <assay/hash.h>
#include <base/arena.h>
#include <base/buf.h>
#include <codec/gitobj.h>

struct memo;

#define MEMO_SK_PRESENT 1u
#define MEMO_SK_USER_PRESENCE 2u
#define MEMO_SK_USER_VERIFIED 4u
#define MEMO_ENTRIES_MAX 4000000

struct memo_entry {
	struct oid id;
	unsigned char result; /* enum sig_result */
	unsigned char code;   /* enum sig_code */
	unsigned char flags;  /* of a security key: MEMO_SK_... */
	uint32_t counter;     /* of a security key */
};

/*
 * From memo_dump's bytes, which must live as long as the memo; an empty span gives an empty memo. ASSAY_E_FORMAT when
 * they don't fit.
 */
ASSAY_MUST_USE enum assay_status memo_load(struct assay_span bytes, struct arena *arena,
    struct memo **ret_memo, struct assay_error *err);
/* False when unknown. Safe from several threads while nobody calls memo_set. */
_Bool memo_find(const struct memo *m, const struct oid *id, struct memo_entry *ret_entry);
/*
 * True when a stream of objects with this SHA-256 was hashed again object by object before: bytes with the same digest need
 * not be.
 */
_Bool memo_hashed(const struct memo *m, const unsigned char stream_sha256[ASSAY_SHA256_SIZE]);
/*
 * Replaces the memo's content; entries strictly ascending by id, else ASSAY_E_USAGE. stream_sha256: of the stream whose objects
 * were all hashed.
 */
ASSAY_MUST_USE enum assay_status memo_set(struct memo *m, const struct memo_entry *entries,
    size_t count, const unsigned char stream_sha256[ASSAY_SHA256_SIZE], struct assay_error *err);
ASSAY_MUST_USE enum assay_status memo_dump(const struct memo *m, struct buf *out,
    struct assay_error *err);
/* True when memo_set gave it something that memo_load had not. */
_Bool memo_changed(const struct memo *m);
