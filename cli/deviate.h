/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of assay deviate.
 */
#pragma once

#include "workspace.h"

/* Prints deviations and suppressions of HEAD, each with its state. */
ASSAY_MUST_USE enum assay_status deviate_list(struct cli *cli, struct assay_error *err);
