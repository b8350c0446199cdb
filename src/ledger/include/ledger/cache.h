/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cache that can't help a forger: each entry carries an HMAC-SHA-256 over its name, key and bytes; the MAC's key lies outside
 * the state folder. What doesn't verify was never there.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <base/file.h>

struct cache;

/* folder: where entries lie; key_file: made on first use, mode 0600, 32 random bytes; refused when others may read or write it. */
ASSAY_MUST_USE enum assay_status cache_open(const char *folder, const char *key_file,
    struct cache **ret_cache, struct assay_error *err);
void cache_close(struct cache **cache);
/*
 * The bytes stored under (name, key), mapped; ASSAY_E_NOT_FOUND when there is none or it doesn't verify. key is all that
 * the bytes depend on (digest of inputs, of the program).
 */
ASSAY_MUST_USE enum assay_status cache_get(struct cache *cache, const char *name,
    struct assay_span key, struct file_view *ret_view, struct assay_span *ret_bytes,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status cache_put(struct cache *cache, const char *name,
    struct assay_span key, struct assay_span bytes, struct assay_error *err);
