/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cache that can't help a forger: each entry carries an HMAC-SHA-256 over its name, key and bytes; the MAC's key lies outside
 * the state folder. What doesn't verify was never there.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <base/file.h>
#include <stdint.h>

/* Bytes of the largest entry, and of all entries together unless cache_limit says otherwise. */
#define CACHE_ENTRY_MAX (UINT64_C(512) << 20)
#define CACHE_TOTAL_MAX (UINT64_C(1) << 30)
#define CACHE_NAME_MAX 128
#define CACHE_KEY_MAX 1024

struct cache;

/* folder: where entries lie; key_file: made on first use, mode 0600, 32 random bytes; refused when others may read or write it. */
ASSAY_MUST_USE enum assay_status cache_open(const char *folder, const char *key_file,
    struct cache **ret_cache, struct assay_error *err);
void cache_close(struct cache **cache);
/* Another bound for all entries together; the oldest go when cache_put passes it. */
void cache_limit(struct cache *cache, uint64_t total);
/*
 * The bytes stored under (name, key); ASSAY_E_NOT_FOUND when there is none or it doesn't verify. key is all that
 * the bytes depend on (digest of inputs, of the program). They are a private copy, made while the MAC was computed: what was
 * checked is what is used, whoever writes to the folder meanwhile. ret_bytes starts at a multiple of 64.
 */
ASSAY_MUST_USE enum assay_status cache_get(struct cache *cache, const char *name,
    struct assay_span key, struct file_view *ret_view, struct assay_span *ret_bytes,
    struct assay_error *err);
/* ASSAY_E_LIMIT for more than CACHE_ENTRY_MAX bytes. Whole or not at all; not synced, for a torn entry doesn't verify. */
ASSAY_MUST_USE enum assay_status cache_put(struct cache *cache, const char *name,
    struct assay_span key, struct assay_span bytes, struct assay_error *err);
