/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ZIP archive in memory, as office documents use it: stored and deflated members, found through the central directory, each of
 * which the local header must confirm. No encryption, no ZIP64, no several disks, no name twice.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdint.h>

#define ZIP_MEMBERS_MAX 2000
#define ZIP_NAME_MAX 512
#define ZIP_MEMBER_MAX (8u << 20)  /* inflated */
#define ZIP_TOTAL_MAX (32u << 20)  /* of all members that are read */
#define ZIP_RATIO_MAX 300          /* of a member over ZIP_RATIO_FROM bytes */
#define ZIP_RATIO_FROM (1u << 20)

struct zip_member {
	const char *name;
	uint32_t packed, size, crc, offset;
	uint16_t method;
};

struct zip {
	struct assay_span bytes;
	struct arena *arena;
	struct zip_member *members;
	size_t count;
	size_t read; /* bytes inflated so far */
};

ASSAY_MUST_USE enum assay_status zip_open(struct assay_span bytes, struct arena *arena, struct zip *ret_zip,
    struct assay_error *err);
/* The member of this name (ASCII case folded, as packages have it), or NULL. */
const struct zip_member *zip_find(const struct zip *z, const char *name);
ASSAY_MUST_USE enum assay_status zip_read(struct zip *z, const struct zip_member *m,
    struct assay_span *ret_bytes, struct assay_error *err);
