/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For who writes a closure: what find.closed would say of it if those had signed it who have to. Asked of the judge's own functions, so
 * that nothing is proposed that is refused later.
 */
#pragma once

#include <evidence/history.h>
#include <judge/judge.h>
#include <sca/records.h>

struct judge_closing;

/* input's evidence has what find.closed needs, else ASSAY_E_UNSUPPORTED. input lives as long as what comes of it. */
ASSAY_MUST_USE enum assay_status judge_closing_open(const struct judge_input *input, struct arena *arena,
    struct judge_closing **ret_closing, struct assay_error *err);
/* Evidence of the same commit that shows more of its past, from now on. */
void judge_closing_look(struct judge_closing *x, const struct evidence_set *evidence);

/* All findings, as they stand. */
const struct sca_findings *judge_closing_findings(const struct judge_closing *x);
/* As the register in force, HEAD's or one of the past names it; NULL: none does. */
const struct sca_entry *judge_closing_entry(const struct judge_closing *x, const char *identity);
/* The record that is there for it already, sound or not; NULL: none. */
const struct sca_closed *judge_closing_record(const struct judge_closing *x, const char *identity);
/* Policy and roster in force, and the facts of HEAD. */
const struct policy *judge_closing_policy(const struct judge_closing *x);
const struct roster *judge_closing_roster(const struct judge_closing *x);
const struct history *judge_closing_history(const struct judge_closing *x);
/* Whether HEAD is or descends from the commit. */
bool judge_closing_is_past(const struct judge_closing *x, uint32_t commit);
/* Whether the commit may have mended what stood in the file: path was there before it, and is another one behind it. */
bool judge_closing_changes(const struct judge_closing *x, uint32_t commit, const char *path);
/* Whether a person of the roster is the commit's author or committer. */
bool judge_closing_wrote(const struct judge_closing *x, const struct roster_entry *who, uint32_t commit);

/* What part of the closure is at fault. */
enum judge_closing_part { CLOSING_ROLE, CLOSING_VERIFIER, CLOSING_FIX, CLOSING_TEST, CLOSING_REASON, CLOSING_ELSE };
struct judge_closing_answer {
	const char *why;  /* it would not close the finding; NULL: it would, once it is signed and committed */
	const char *next; /* of CLOSING_ELSE: what to do */
	enum judge_closing_part part;
};
/* Of what isn't reported any more: why that doesn't prove that it is gone, whatever a closure says. */
ASSAY_MUST_USE enum assay_status judge_closing_absence(const struct judge_closing *x, const struct sca_finding *f,
    struct judge_closing_answer *ret_answer, struct assay_error *err);
/* known: the register as it would be in force. */
ASSAY_MUST_USE enum assay_status judge_closing_try(const struct judge_closing *x, const struct sca_closure *k,
    const struct sca_register *known, struct judge_closing_answer *ret_answer, struct assay_error *err);
