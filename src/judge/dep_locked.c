/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: each manifest has a lockfile in step with it, and each entry a strong hash.
 */
#include "rows.h"

#include "dep.h"

#include <base/cleanup.h>

enum assay_status
judge_dep_locked(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	TRY(judge_dep_findings(c, v, DEP_LOCKED, err));
	return judge_dep_conclude(c, v, DEP_LOCKED,
	    "every manifest has a lockfile in step with it, and every entry says by a strong hash what it is", err);
}
