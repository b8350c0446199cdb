/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One arena a piece of work: memory that is freed together, with a cap on the whole.
 * Not for several threads at once.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>

struct arena;

ASSAY_MUST_USE enum assay_status arena_new(size_t cap, struct arena **ret_arena);
void arena_free(struct arena **a);
/* Zeroed memory aligned for any type, or NULL when the cap or memory is used up. */
void *arena_alloc(struct arena *a, size_t size);
/* count × size with the product checked. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* Copies, NUL-terminated; NULL as above. */
char *arena_copy(struct arena *a, struct assay_span s);
char *arena_str(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *fmt, ...) ASSAY_PRINTF(2, 3);
/* ASSAY_E_MEMORY with words, for the caller that got NULL. */
enum assay_status arena_full(struct assay_error *err);
/* As assay_fail(). */
#define arena_full(err)                                                                            \
	__extension__({                                                                            \
		(void)arena_full(err);                                                             \
		(enum assay_status)ASSAY_E_MEMORY;                                                                  \
	})
