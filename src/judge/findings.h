/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of code analysis as the judges of them share: what is reported, what registers knew, what closures say, and what became of
 * each.
 */
#pragma once

#include "deviations.h"
#include "record.h"
#include "signoffs.h"

#include <evidence/history.h>
#include <judge/code.h>
#include <sca/records.h>

/* Most different registers of one history that are read. */
#define FINDINGS_REGISTERS_MAX 5000u

/* A file that can't be read as a record. */
struct findings_unread {
	const char *path, *why;
	unsigned line, column;
};

struct findings_base {
	const struct code_base *code;
	const struct history *h;   /* NULL: it couldn't be read */
	const bool *ancestors;     /* true for HEAD's commit and all that it leads to through parents, by index */
	struct sca_findings found;
	const struct sca_finding **by_identity; /* the same */
	struct sca_register known; /* every finding that a register of HEAD, of what is in force, or of an ancestor names */
	struct sca_register here;  /* HEAD's register */
	bool has_register;
	struct sca_closed *closed;
	size_t closed_count;
	struct findings_unread *unread; /* records */
	size_t unread_count;
	bool complete;             /* every file in scope was looked at by every engine of the plan */
};

/* *ret_base NULL: v has the open question that says why. */
ASSAY_MUST_USE enum assay_status findings_read(const struct judge_context *c, struct control_verdict *v,
    const struct findings_base **ret_base, struct assay_error *err);
/* Whether the plan asks to have it settled; what has no severity is asked for. */
bool findings_matters(const struct findings_base *b, const struct sca_finding *f);
/* NULL: no engine reports it, and no register names it. */
const struct sca_finding *findings_named(const struct findings_base *b, const char *identity);
/* The records that can't be read, as open questions. */
ASSAY_MUST_USE enum assay_status findings_tell_unread(const struct judge_context *c, struct control_verdict *v,
    const struct findings_base *b, struct assay_error *err);
/* "cert-c/ARR30-C in 'parse'", in the arena; NULL when that is full. */
const char *findings_title(const struct judge_context *c, const struct sca_finding *f);

/* find.closed: what speaks against one of them; nothing is added where nothing does. */
ASSAY_MUST_USE enum assay_status findings_judge_closed(const struct judge_context *c, struct control_verdict *v,
    const struct findings_base *b, const struct sca_finding *f, struct assay_error *err);
/* What find.closed says to do about a kind of finding. */
const char *findings_closed_next(const char *code);

/* ---- closures, before anybody has signed them ---- */

enum findings_about { FINDINGS_ABOUT_ROLE, FINDINGS_ABOUT_VERIFIER, FINDINGS_ABOUT_FIX, FINDINGS_ABOUT_TEST, FINDINGS_ABOUT_REASON };
struct findings_doubt {
	const char *why; /* NULL: nothing speaks against it */
	enum findings_about about;
};
/* What a closure says, whoever signed it. */
ASSAY_MUST_USE enum assay_status findings_doubt_closure(const struct judge_context *c, const struct findings_base *b,
    const struct sca_closure *k, struct findings_doubt *ret_doubt, struct assay_error *err);
/*
 * The finding's file was there before the commit that mended it, and is another one behind it. Who merges a fix brought it, too. NULL:
 * nothing speaks against it.
 */
const char *findings_doubt_change(const struct judge_context *c, const struct findings_base *b, uint32_t fix, const char *path);
/* Whether a person of the roster is the commit's author or committer. */
bool findings_wrote(const struct judge_context *c, const struct roster_entry *who, const struct history_commit *commit);

/* What stands as it would if a closure were there and signed, and the register were in force. */
struct findings_proposal {
	const struct sca_closure *closure;
	const struct sca_register *known;
};
/* proposal NULL: what is. ret_doubt is filled with a proposal alone. */
ASSAY_MUST_USE enum assay_status findings_build(const struct judge_context *c, const struct code_base *code,
    const struct findings_proposal *proposal, struct findings_doubt *ret_doubt, const struct findings_base **ret_base,
    struct assay_error *err);

/* ---- parts of findings_read() ---- */

/* findings_records.c: registers and closures. first NULL, or one that comes before all others. */
ASSAY_MUST_USE enum assay_status findings_read_registers(const struct judge_context *c, struct findings_base *b,
    const struct sca_register *first, struct assay_error *err);
ASSAY_MUST_USE enum assay_status findings_read_closures(const struct judge_context *c, struct findings_base *b,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status findings_unreadable(const struct judge_context *c, struct findings_base *b, const char *path,
    const struct assay_error *why, struct assay_error *err);
/* findings_now.c: what the analysis says beside what it reports. */
ASSAY_MUST_USE enum assay_status findings_now(const struct judge_context *c, struct findings_base *b,
    const struct sca_findings *merged, struct sca_now *ret_now, struct assay_error *err);
