/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <evidence/clone.h>
#include <evidence/history.h>

/* A control that this version judges is one more row. */
const struct judge_row judge_rows[] = {
	{ "repo.signed", { HISTORY_KIND }, true, judge_repo_signed },
	{ "repo.honest-time", { HISTORY_KIND }, true, judge_repo_honest_time },
	{ "repo.trusted-clone", { CLONE_KIND }, false, judge_repo_trusted_clone },
};

const size_t judge_row_count = sizeof judge_rows / sizeof judge_rows[0];
