/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <verify/verify.h>

/* ASSAY_E_USAGE when the state folder, or the receipt in its folder, lies in the tree or in its seal. receipt may be NULL. */
ASSAY_MUST_USE enum assay_status job_place_check(const struct verify_request *q, const char *receipt, const char *receipt_folder,
    struct assay_error *err);
