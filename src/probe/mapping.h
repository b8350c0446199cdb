/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing anonymous mapping: large, moved by the kernel instead of copied, and given back when it is done.
 */
#pragma once

#include <assay/status.h>
#include <base/cleanup.h>

struct mapping {
	unsigned char *data;
	size_t len;
	size_t room;
	size_t cap;
};

#define MAPPING_INIT(most) { .cap = (most) }

/* Makes room for at least room bytes in all; ASSAY_E_LIMIT over cap. */
ASSAY_MUST_USE enum assay_status mapping_reserve(struct mapping *m, size_t room,
    struct assay_error *err);
/* Gives back what lies beyond room and the bytes in use. */
void mapping_shrink(struct mapping *m, size_t room);
void mapping_done(struct mapping *m);
