/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and SHA-512 (FIPS 180-4) of bytes in memory.
 */
#pragma once

#include <assay/status.h>

#define ASSAY_SHA256_SIZE 32
#define ASSAY_SHA512_SIZE 64

ASSAY_API ASSAY_MUST_USE enum assay_status assay_sha256(struct assay_span bytes,
    unsigned char ret_digest[ASSAY_SHA256_SIZE]);
ASSAY_API ASSAY_MUST_USE enum assay_status assay_sha512(struct assay_span bytes,
    unsigned char ret_digest[ASSAY_SHA512_SIZE]);
