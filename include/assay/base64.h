/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 of RFC 4648 section 4: padded, no white space, canonical (unused bits are zero).
 */
#pragma once

#include <assay/status.h>

/* Bytes that decoding n characters needs at most. */
#define ASSAY_BASE64_DECODED_MAX(n) (((n) / 4 + 1) * 3)
/* Characters, with the NUL, that encoding n bytes needs. */
#define ASSAY_BASE64_ENCODED_SIZE(n) ((((n) + 2) / 3) * 4 + 1)

/*
 * Decodes text into out (room bytes). Errors: ASSAY_E_FORMAT for a foreign character, wrong
 * padding or set unused bits; ASSAY_E_LIMIT when out is too small.
 */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_base64_decode(struct assay_span text,
    unsigned char *out, size_t room, size_t *ret_len);

/* Encodes bytes into out, NUL-terminated. Errors: ASSAY_E_LIMIT when out is too small. */
ASSAY_API ASSAY_MUST_USE enum assay_status assay_base64_encode(struct assay_span bytes, char *out,
    size_t room);
