/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leads from one of GitHub's files to another, once all are read.
 */
#include "github_reach.h"

#include <base/cleanup.h>

/* For the expressions of all files. */
#define SCRATCH_MAX (512u << 20)

enum assay_status
ci_github_finish(struct ci_work *w)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	TRY(arena_new(SCRATCH_MAX, &scratch));
	TRY(gh_reach(w, scratch));
	TRY(gh_flow(w, scratch));
	return gh_caches(w);
}
