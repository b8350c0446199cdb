/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cleanup by attribute: "CLEANUP(buf_done) struct buf b = ...;", and steal() to pass ownership on.
 */
#pragma once

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Takes what *where holds and leaves NULL there. */
#define steal(where)                                                                               \
	__extension__({                                                                                      \
		__typeof__(where) steal_where_ = (where);                                          \
		__typeof__(*steal_where_) steal_value_ = *steal_where_;                            \
		*steal_where_ = NULL;                                                              \
		steal_value_;                                                                      \
	})

/* Returns from the caller when a call did not succeed. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		enum assay_status try_status_ = (call);                                            \
		if (try_status_ != ASSAY_OK)                                                       \
			return try_status_;                                                        \
	} while (0)
