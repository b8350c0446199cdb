/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of one folder that differ by upper and lower case alone, found while a tree is walked: what is kept is one number a name, for
 * the folders that lead to where the walk is.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stddef.h>

struct clash_finder;

ASSAY_MUST_USE enum assay_status clash_new(struct clash_finder **ret_finder, struct assay_error *err);
void clash_free(struct clash_finder **finder);
/* A name at this depth (from 1); a lesser one than before means that folders were left. */
ASSAY_MUST_USE enum assay_status clash_add(struct clash_finder *finder, size_t depth, const char *name, bool *ret_clashes,
    struct assay_error *err);
