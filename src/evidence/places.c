/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/places.h>

#define PREFIX_BITS_MAX 22

static size_t
prefix_of(const unsigned char *id, unsigned bits)
{
	uint64_t head = (uint64_t)id[0] << 24 | (uint64_t)id[1] << 16 | (uint64_t)id[2] << 8 | id[3];
	return (size_t)(head >> (32 - bits));
}

enum assay_status
oid_index_build(struct arena *arena, const void *base, size_t stride, uint32_t count,
    struct oid_index *ret_index, struct assay_error *err)
{
	struct oid_index index = { .base = base, .stride = stride, .count = count };
	while (index.bits < PREFIX_BITS_MAX && ((uint32_t)1 << index.bits) < count)
		index.bits++;
	size_t prefixes = (size_t)1 << index.bits;
	uint32_t *start = arena_array(arena, prefixes + 1, sizeof *start);
	if (start == NULL)
		return arena_full(err);
	size_t next = 0;
	for (uint32_t i = 0; i < count; i++) {
		size_t prefix = prefix_of(index.base + i * stride, index.bits);
		while (next <= prefix)
			start[next++] = i;
	}
	while (next <= prefixes)
		start[next++] = count;
	index.start = start;
	*ret_index = index;
	return ASSAY_OK;
}

uint32_t
oid_index_find(const struct oid_index *index, const struct oid *id)
{
	if (index->count == 0)
		return UINT32_MAX;
	size_t prefix = prefix_of(id->b, index->bits);
	uint32_t low = index->start[prefix], high = index->start[prefix + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = memcmp(index->base + middle * index->stride, id->b, OID_MAX);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UINT32_MAX;
}
