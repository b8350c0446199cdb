/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of std.declared.
 */
#pragma once

#include "record.h"

#include <code/rules.h>
#include <sca/plan.h>

struct std_state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct sources *sources; /* HEAD's tree: what languages there are */
	const struct standards *catalogue;
	struct plan p;
	struct code_rules own;         /* rules of the own engine: those that are built in, and the maker's */
	bool own_unread;               /* a file of rules of the maker's can't be read: what it holds can't be told */
	const char *unsigned_why;      /* why nothing may be called not applicable; NULL: it may */
	uint64_t rules, with_checks, with_review, not_applicable;
	struct assay_error *err;
};

/* A gap at a place in the plan. object is what it is about; about (may be NULL) tells its findings apart. */
ASSAY_MUST_USE enum assay_status std_gap(const struct std_state *s, const char *id, const char *object, const char *about,
    unsigned line, unsigned column, const char *words);
/* Fewer words than a sentence of sense has: what stands there is blank by other means. */
bool std_hollow(const char *text, size_t least_words);

/* Every rule of the standard has a row that says how it is enforced, and every row a rule. catalogue: NULL for one's own. */
ASSAY_MUST_USE enum assay_status std_judge_rows(struct std_state *s, const struct plan_standard *ps,
    const struct standard *catalogue);
/* Fills own and own_unread. */
ASSAY_MUST_USE enum assay_status std_read_own(struct std_state *s);
/* Every language of the tree has a standard. */
ASSAY_MUST_USE enum assay_status std_judge_languages(struct std_state *s);
