/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging: a pure function of catalogue, policy, roster, evidence and date.
 */
#pragma once

#include <judge/verdict.h>

struct judge_input {
	const struct catalog *catalog;
	const struct policy *policy;
	const struct roster *roster;
	const struct evidence_set *evidence;
	const char *subject;
	int64_t date;         /* midnight UTC of the day; the day itself counts as past */
	bool date_given;      /* --date in the past: at best unknown */
	const char *const *require; /* ids, clauses or families to judge; NULL: all */
	size_t require_count;
};

/* What a control's function is given. */
struct judge_context {
	const struct judge_input *input;
	struct arena *arena;
};

/*
 * One row a control. The function fills reason, findings, counts, grade and verdict of v, which comes in as fail;
 * VERDICT_PASS is set in one place of it. kinds: evidence it needs, NULL-terminated: absent or unreadable
 * evidence is unknown before the function is called. needs_authority: a pass becomes "unknown: no trust root yet".
 */
struct judge_row {
	const char *id;
	const char *kinds[4];
	bool needs_authority;
	enum assay_status (*judge)(const struct judge_context *c, struct control_verdict *v,
	    struct assay_error *err);
};

extern const struct judge_row judge_rows[];
extern const size_t judge_row_count;

ASSAY_MUST_USE enum assay_status judge_all(const struct judge_input *input, struct arena *arena,
    const struct verdicts **ret_verdicts, struct assay_error *err);

/* For the rows' functions: adds a finding with its fingerprint; over FINDINGS_MAX it is only counted. */
ASSAY_MUST_USE enum assay_status judge_find(const struct judge_context *c, struct control_verdict *v,
    bool gap, const char *id, const char *object, const char *discriminator,
    struct assay_error *err, const char *fmt, ...) ASSAY_PRINTF(8, 9);
void judge_count(struct control_verdict *v, const char *name, uint64_t value);
/* Kinds of evidence that the required controls need, each once: tells the caller which probes to run. */
size_t judge_needs(const struct judge_input *input, const char **ret_kinds, size_t room);
