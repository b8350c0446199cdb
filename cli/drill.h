/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cli.h"

#include <drill/drill.h>

/* assay drill --operator: the release's instructions, carried out. *ret_exit is the program's. */
ASSAY_MUST_USE enum assay_status drill_by_operator(struct cli *cli, const struct drill_request *request, struct buf *out, int *ret_exit,
    struct assay_error *err);
