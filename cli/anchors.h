/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anchors: checkpoints that stand in the messages of annotated tags, where others keep them too.
 */
#pragma once

#include "workspace.h"

#include <ledger/log.h>

struct anchors {
	size_t found;          /* of this log, and consistent with it */
	size_t foreign;        /* of other logs: not compared */
	char foreign_origin[256]; /* one of them, escaped for people */
	size_t with_signature; /* in tags whose signature verifies; whose it is, is the roster's */
};

/* ASSAY_E_VERIFY, naming the tag, when the ledger contradicts an anchor. Anchors of other logs are counted. */
ASSAY_MUST_USE enum assay_status anchors_check(struct cli *cli, struct workspace *w,
    struct ledger *ledger, const char *origin, struct anchors *ret_anchors, struct assay_error *err);
