/* SPDX-License-Identifier: Apache-2.0 */
/* One row a system; the first that wants a file reads it. */
#include "github.h"
#include "gitlab_reader.h"
#include "other.h"

const struct ci_reader ci_readers[] = {
	{ ci_github_wants, ci_github_read, ci_github_finish },
	{ ci_gitlab_wants, ci_gitlab_read, NULL },
	{ ci_other_wants, ci_other_read, NULL },
};

const size_t ci_reader_count = sizeof ci_readers / sizeof ci_readers[0];
