/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an id stands in a sorted array of records that begin with one: found by its first bits, then by halving.
 */
#pragma once

#include <base/arena.h>
#include <codec/gitobj.h>

struct oid_index {
	const unsigned char *base; /* the first record */
	size_t stride;
	uint32_t count;
	unsigned bits;         /* of the prefix */
	const uint32_t *start; /* place of the first record of each prefix, and one past the last */
};

/* base: count records of stride bytes, sorted by id; they must live as long as the index. */
ASSAY_MUST_USE enum assay_status oid_index_build(struct arena *arena, const void *base,
    size_t stride, uint32_t count, struct oid_index *ret_index, struct assay_error *err);
/* UINT32_MAX when it isn't there. */
uint32_t oid_index_find(const struct oid_index *index, const struct oid *id);
