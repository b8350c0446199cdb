/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging: a pure function of catalogue, policy, roster, evidence and date.
 */
#pragma once

#include <judge/verdict.h>
#include <policy/signoff.h>

struct judge_input {
	const struct catalog *catalog;
	const struct policy *policy;
	const struct roster *roster;
	const struct evidence_set *evidence;
	const char *subject;
	int64_t date;         /* midnight UTC of the day; the day itself counts as past */
	bool date_given;      /* --date names a day in the past: at best unknown */
	bool authorised;      /* the policy and roster are those that people with authority over them have signed */
	const char *const *require; /* ids, clauses or families to judge; NULL: all */
	size_t require_count;
	const char *root;     /* fingerprint of the pinned trust root, 64 hex digits; NULL: none */
	const struct policy *profile; /* an auditor's policy, in the place of the maker's; NULL: none */
};

struct standing;
struct code_base;
struct findings_base;

/* What a control's function is given. */
struct judge_context {
	const struct judge_input *input; /* policy and roster are those in force at HEAD, where authority says which */
	struct arena *arena;
	const struct verdicts *so_far; /* for judge_verdict_of() */
	const struct standing *standing; /* which rules stood where; NULL: nothing to tell it from */
	const struct exceptions *exceptions; /* what people except; NULL: not read */
	const struct code_base **code; /* for code_base_read(), which fills it once */
	const struct findings_base **found; /* for findings_read(), which fills it once */
	const struct sca_findings **findings; /* the same, for who reads verdicts */
};

#define JUDGE_ROW_KINDS 6
/*
 * One row a control. The function adds findings and counts to v, which comes in as fail, and ends with judge_conclude(),
 * the one place where a verdict becomes good. kinds: evidence it needs, up to the first NULL: absent or unreadable evidence is
 * unknown before the function is called, and v's grade is the least of theirs. needs_authority: a pass becomes
 * "unknown: no trust root yet" unless the rules in force lead to the pinned root; two more kinds of evidence tell.
 */
struct judge_row {
	const char *id;
	const char *kinds[JUDGE_ROW_KINDS];
	bool needs_authority;
	bool after; /* judged when all others are: judge_verdict_of() */
	enum assay_status (*judge)(const struct judge_context *c, struct control_verdict *v,
	    struct assay_error *err);
};

extern const struct judge_row judge_rows[];
extern const size_t judge_row_count;

/* What to do next about a kind of finding. A table ends with a row whose id is NULL: its text is for all others. */
struct judge_advice {
	const char *id;
	const char *next;
};

/*
 * Judges what input requires of the catalogue, in its order. ASSAY_E_USAGE when require names nothing that there is. policy and
 * roster may be NULL: absent.
 */
ASSAY_MUST_USE enum assay_status judge_all(const struct judge_input *input, struct arena *arena,
    const struct verdicts **ret_verdicts, struct assay_error *err);

/* ASSAY_E_USAGE, with the nearest id, when require names nothing that there is: judging nothing must not look like success. */
ASSAY_MUST_USE enum assay_status judge_requirements(const struct judge_input *input,
    struct arena *arena, struct assay_error *err);

/* Whether somebody has settled who may decide: without it, what people signed changes no verdict. */
bool judge_authorised(const struct judge_context *c);

/* For rows that come after: what a control came to. NULL: it wasn't asked for, or isn't judged yet. */
const struct control_verdict *judge_verdict_of(const struct judge_context *c, const char *id);

/* For the rows' functions: adds a finding with its fingerprint; over FINDINGS_MAX it is only counted. */
ASSAY_MUST_USE enum assay_status judge_find(const struct judge_context *c, struct control_verdict *v,
    bool gap, const char *id, const char *object, const char *discriminator,
    struct assay_error *err, const char *fmt, ...) ASSAY_PRINTF(8, 9);
/* The same with a place in a file. */
struct judge_place {
	const char *object;
	const char *file;
	unsigned line, column;
	const char *discriminator;
};
ASSAY_MUST_USE enum assay_status judge_find_at(const struct judge_context *c,
    struct control_verdict *v, bool gap, const char *id, const struct judge_place *place,
    struct assay_error *err, const char *fmt, ...) ASSAY_PRINTF(7, 8);
/* Counts findings that aren't listed one by one. */
void judge_find_more(struct control_verdict *v, bool gap, const char *id, uint64_t count);
void judge_count(struct control_verdict *v, const char *name, uint64_t value);
/*
 * Fail with a gap, unknown with an open question or when nothing was judged, else pass with this reason. advice
 * gives what to do next.
 */
ASSAY_MUST_USE enum assay_status judge_conclude(const struct judge_context *c,
    struct control_verdict *v, uint64_t judged, const char *reason,
    const struct judge_advice *advice, struct assay_error *err);
/* A sign-off in HEAD's tree that holds, by the rules in force, on the input's day. */
struct judge_signature {
	unsigned char record[ASSAY_SHA256_SIZE]; /* of the bytes that were signed */
	const char *by;                          /* id in the roster */
};
/* All of this act. */
ASSAY_MUST_USE enum assay_status judge_signed(const struct judge_input *input, enum signoff_act act,
    struct arena *arena, struct judge_signature **ret_signatures, size_t *ret_count, struct assay_error *err);
/* Kinds of evidence that the required controls need, each once: tells the caller which probes to run. Returns how many. */
size_t judge_needs(const struct judge_input *input, const char **ret_kinds, size_t room);
