/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as assay stores it: canonical (keys sorted by bytes, no white space, integers only, UTF-8), and read
 * with caps and without duplicate keys. In memory it is jansson's json_t.
 */
#pragma once

#include <assay/hash.h>
#include <assay/status.h>
#include <base/buf.h>
#include <jansson.h>

#define CANON_SIZE_MAX (256u << 20)
#define CANON_DEPTH_MAX 64
#define CANON_VALUES_MAX 4000000

/*
 * Appends the canonical form, without a line end. ASSAY_E_FORMAT when a real number or text with a NUL is inside. What
 * was written before an error stays in out.
 */
ASSAY_MUST_USE enum assay_status canon_write(const json_t *value, struct buf *out,
    struct assay_error *err);
/* Reads one JSON value and nothing after it but white space; duplicate keys, reals and "\u0000" are refused. */
ASSAY_MUST_USE enum assay_status canon_read(struct assay_span bytes, const char *name,
    json_t **ret_value, struct assay_error *err);
/* A string that may hold anything: itself when UTF-8, else {"base64": "..."}. New reference or NULL. */
json_t *canon_text(struct assay_span bytes);
/* A digest in hex. New reference or NULL. */
json_t *canon_sha256(const unsigned char digest[ASSAY_SHA256_SIZE]);
/* For CLEANUP(). */
void canon_unref(json_t **value);
