/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons that no deviation may have: performance, convenience, and words that say nothing. By a list of words, catalog/deviations/refused-reasons.yaml,
 * in English and German. It finds who says so, not who says it otherwise; whoever approves still reads.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>

#define SCA_REASON_MAX 4096

enum sca_reason_kind {
	SCA_REASON_ALLOWED,
	SCA_REASON_PERFORMANCE,
	SCA_REASON_CONVENIENCE,
	SCA_REASON_NOTHING, /* says nothing: too short, or words that stand for a reason */
	SCA_REASON_UNREAD,  /* letters of other scripts or invisible ones, or too long: the list can't tell */
};

struct sca_reason {
	enum sca_reason_kind kind;
	const char *word; /* as the list has it; NULL where none decided */
};

/* "performance", "convenience", ...; never NULL. */
const char *sca_reason_name(enum sca_reason_kind kind);
ASSAY_MUST_USE enum assay_status sca_reason_judge(const char *reason, struct arena *arena, struct sca_reason *ret_reason,
    struct assay_error *err);
