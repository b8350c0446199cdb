/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about releases share.
 */
#pragma once

#include <assay/release.h>

#include "tuf_inside.h"

/* ASSAY_E_VERIFY in the words of the code, which is kept. */
ASSAY_MUST_USE enum assay_status release_fail(struct assay_release_check *check, enum assay_release_code code,
    struct assay_error *err);
/* Reads metadata of this type behind what the room holds; its signatures aren't looked at. */
ASSAY_MUST_USE enum assay_status release_parse(struct assay_release_check *check, struct assay_span file, size_t most,
    enum assay_tuf_type type, struct assay_tuf_meta *ret_meta, struct assay_error *err);
/* A file that is signed as a release is, once a release was read. */
ASSAY_MUST_USE enum assay_status release_read_signed(struct assay_release_check *check, struct assay_span file,
    struct assay_tuf_meta *ret_meta, struct assay_error *err);
bool release_is_read(const struct assay_release_check *check);
/* The text of a member; false when there is none. */
bool release_text(struct assay_span custom, const char *name, struct assay_span *ret_text);
bool release_product_ok(struct assay_span text);
