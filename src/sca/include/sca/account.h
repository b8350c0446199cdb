/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The account of a plan: each rule of each standard that it names, and how it is enforced. Nothing is left out, neither a rule without
 * a row nor a row without a rule.
 */
#pragma once

#include <sca/plan.h>

enum account_how {
	ACCOUNT_MISSING,        /* the plan has no row for the rule */
	ACCOUNT_BLANK,          /* the row says nothing */
	ACCOUNT_CHECKS,
	ACCOUNT_CHECKS_REVIEW,  /* checks, and a question for what they leave open */
	ACCOUNT_REVIEW,
	ACCOUNT_NOT_APPLICABLE,
	ACCOUNT_NO_RULE,        /* a row for a rule that the standard doesn't have */
};
#define ACCOUNT_HOWS 7

struct account_entry {
	const struct plan_standard *standard;
	const struct standard *catalogued;  /* NULL: one's own, or one that the catalogue doesn't have */
	const struct standard_rule *facts;  /* NULL for rules of one's own and ACCOUNT_NO_RULE */
	const struct plan_row *row;         /* NULL: ACCOUNT_MISSING */
	const char *rule;
	const char *title;                  /* NULL: none is known */
	enum standard_severity severity;
	enum standard_category category;    /* as the plan has it, else as the standard does */
	enum account_how how;
};

struct account {
	const struct account_entry *entries; /* by standard as in the plan; then the catalogue's order, then rows without a rule */
	size_t count;
	size_t by_how[ACCOUNT_HOWS];
};

ASSAY_MUST_USE enum assay_status account_make(const struct plan *p, const struct standards *catalogue, struct arena *arena,
    struct account *ret_account, struct assay_error *err);
/* A rule by its whole name, "cert-c/ARR30-C": NULL where plan or catalogue doesn't have it. */
struct account_rule {
	const struct plan_row *row;
	const struct standard_rule *facts;
};
void account_find(const struct plan *p, const struct standards *catalogue, const char *name, struct account_rule *ret_rule);
/* "checks", "checks-and-review", "review", "not-applicable", "blank", "missing", "no-such-rule". */
const char *account_how_name(enum account_how how);
