/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files that objects lie in: what kind they are, and how many objects they hold.
 */
#pragma once

#include "internal.h"

/* ASSAY_E_UNSUPPORTED when something among the objects is neither file nor folder: whoever opens it may wait for ever. */
enum assay_status object_files_check(const struct alternates *a, struct assay_error *err);
