/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SORTED(name, type, compare): arrays of pointers to somebody's items in order, and the first of them that isn't before another.
 */
#pragma once

#include <assay/status.h>
#include <stdlib.h>

#define SORTED(name, type, compare)                                                                                      \
	static int name##_order(const void *a, const void *b)                                                            \
	{                                                                                                                \
		const type *x = *(const type *const *)a, *y = *(const type *const *)b;                                   \
		const int order = compare(x, y);                                                                         \
		return order != 0 ? order : x < y ? -1 : x > y;                                                          \
	}                                                                                                                \
	static enum assay_status name##_sort(const type *items, size_t count, const type ***ret_sorted,                  \
	    struct assay_error *err)                                                                                     \
	{                                                                                                                \
		const type **sorted = calloc(count + 1, sizeof(const type *));                                           \
		if (sorted == NULL)                                                                                      \
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for " #name);                                  \
		for (size_t i = 0; i < count; i++)                                                                       \
			sorted[i] = &items[i];                                                                           \
		qsort(sorted, count, sizeof(const type *), name##_order);                                                \
		*ret_sorted = sorted;                                                                                    \
		return ASSAY_OK;                                                                                         \
	}                                                                                                                \
	static size_t name##_from(const type **sorted, size_t count, const type *wanted)                                 \
	{                                                                                                                \
		size_t low = 0, high = count;                                                                            \
		while (low < high) {                                                                                     \
			const size_t middle = low + (high - low) / 2;                                                    \
			if (compare(sorted[middle], wanted) < 0)                                                         \
				low = middle + 1;                                                                        \
			else                                                                                             \
				high = middle;                                                                           \
		}                                                                                                        \
		return low;                                                                                              \
	}
