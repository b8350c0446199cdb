/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an analysis says of each rule of the coding standards: what was demonstrated, and what was found.
 */
#pragma once

#include <judge/code.h>
#include <sca/account.h>
#include <sca/demo.h>

/* Findings of one rule. */
struct report_tally {
	const char *rule; /* "cert-c/ARR30-C" */
	size_t open, deviated, all;
};

struct report_shown {
	const struct code_base *code; /* NULL: nothing was demonstrated */
	struct report_tally *tallies; /* by rule; NULL: no findings were judged */
	size_t tally_count;
};

struct report_demo_state {
	const char *code;  /* "fault-missed" */
	const char *words;
	const char *look;  /* the class on the page */
};

ASSAY_MUST_USE enum assay_status report_shown_make(const struct verdicts *v, struct arena *arena, struct report_shown *ret_shown,
    struct assay_error *err);
/* e: of an account of the very plan that was judged. NULL: the rule has no checks, or nothing was demonstrated. */
const struct sca_demo *report_shown_demo(const struct report_shown *s, const struct account_entry *e);
struct report_tally report_shown_tally(const struct report_shown *s, const struct account_entry *e);
/* Checks catch a part of the rule's faults, and the plan leaves the rest to a question at review. */
bool report_demo_shared(const struct sca_demo *d);
/* Whether a rule with checks was shown to be enforced. */
const struct report_demo_state *report_demo_state(const struct sca_demo *d);
