/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drills of the judged release, attack by attack.
 */
#pragma once

#include "release.h"

#include <evidence/records.h>
#include <policy/attacks.h>

struct drills {
	const struct release_base *b;
	const struct release_records *records;
	const struct drill **items; /* of this release and this manifest */
	size_t count;
	const char *verifier; /* digest of the one that the release holds; NULL: none */
	uint64_t tried, elsewhere; /* attacks; drills of other releases */
};

ASSAY_MUST_USE enum assay_status drills_of(const struct release_base *b, struct drills *ret_drills);
/* Records that can't be read, and files that weren't taken. */
ASSAY_MUST_USE enum assay_status drills_unread(const struct release_base *b, const struct release_records *records);
/* Whether the release has what the attack takes. */
bool drill_applies(const struct drills *d, const struct attack *attack);
/*
 * Each attack of the table for which wanted() says so must have been tried in each of the drills, and rejected for its own reason; by the
 * product's own too, when the policy names one.
 */
ASSAY_MUST_USE enum assay_status drills_judge(struct drills *d, bool (*wanted)(const struct attack *attack));
