/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders that are searched for private keys, as --scan names them.
 */
#pragma once

#include "workspace.h"

/* Notes in w that they are read; ASSAY_E_USAGE for too many, and for one without a name. */
ASSAY_MUST_USE enum assay_status given_scans_read(const struct cli *cli, struct workspace *w, struct assay_error *err);
/* Searches them, as evidence beside what was fetched; none given: no such evidence. */
ASSAY_MUST_USE enum assay_status given_scans_add(const struct cli *cli, struct workspace *w, struct assay_error *err);
