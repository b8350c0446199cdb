/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: what a C or C++ build fetches is named by a hash or a full commit id.
 */
#include "rows.h"

#include "dep.h"

#include <base/cleanup.h>

enum assay_status
judge_dep_sources(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	TRY(judge_dep_findings(c, v, DEP_SOURCES, err));
	return judge_dep_conclude(c, v, DEP_SOURCES, "whatever the build fetches is named by a strong hash or a full commit id",
	    err);
}
