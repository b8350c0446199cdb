/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files that objects lie in: what kind they are, and how many objects they hold.
 */
#pragma once

#include "internal.h"

#include <stdint.h>

/* ASSAY_E_UNSUPPORTED when something among the objects is neither file nor folder: whoever opens it may wait for ever. */
enum assay_status object_files_check(const struct alternates *a, struct assay_error *err);

/* Whether name is that of a pack's index whose pack lies beside it: git reads no other. */
bool object_files_is_pack(int folder, const char *name);
/* How many objects a pack's index lists, as git reads it: by the last entry of its fan-out. 0 for what has none: git refuses it, and says so. */
uint32_t object_files_pack_count(int folder, const char *name);
/* Whether name, in a folder of loose objects, is one's that git lists. */
bool object_files_is_loose(const char *name, enum oid_algo algo);
