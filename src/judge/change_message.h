/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a commit's message may name a request: by the policy its subject, its body, a trailer, or the branch that it merges.
 */
#pragma once

#include <base/ere.h>
#include <policy/policy.h>

struct change_reader {
	const struct policy_changes *rule;
	struct ere *pattern;
	uint64_t steps; /* of all matching */
};

/* Whether the message names a request. merges: the commit is a merge, so that its subject may name a branch. */
bool change_names(struct change_reader *r, struct assay_span message, bool merges);
/* The first line that isn't blank, without blanks at its ends; len 0: there is none. */
struct assay_span change_subject(struct assay_span message);
/* Whether it is the message that git writes of a commit that is taken back. */
bool change_is_revert(struct assay_span message);
