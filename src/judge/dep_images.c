/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: every image that goes into a build is named by digest.
 */
#include "rows.h"

#include "dep.h"

#include <base/cleanup.h>

enum assay_status
judge_dep_images(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	TRY(judge_dep_findings(c, v, DEP_IMAGES, err));
	return judge_dep_conclude(c, v, DEP_IMAGES, "every image from outside of the repository is named by digest", err);
}
