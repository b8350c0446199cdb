/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for private keys in folders and files that were named.
 */
#pragma once

#include <evidence/leaks.h>

#define LEAKS_GIVEN_MAX 8

/* Reads all that lies below each path; fills members and completeness. A path that isn't there is ASSAY_E_USAGE. */
ASSAY_MUST_USE enum assay_status leaks_files_fetch(const char *const *paths, size_t count, struct arena *arena, struct evidence *ret_evidence,
    struct assay_error *err);
