/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the roster's reader: keys, and what must hold between entries.
 */
#pragma once

#include <policy/roster.h>

/* For the field "keys" of a struct roster_entry at where. */
enum assay_status roster_decode_keys(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
/* No key, id or name that two could claim. */
ASSAY_MUST_USE enum assay_status roster_check(const struct yaml_context *c, const struct roster *r,
    struct assay_error *err);
/* Equal but for the case of ASCII letters. */
bool roster_same_name(const char *name, struct assay_span other);
