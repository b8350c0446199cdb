/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/analysis.h>
#include <judge/verdict.h>
#include <string.h>

#define HEADLINE_MAX 4096
#define HEADLINE_IDS 6 /* controls that are named before "and n more" */

const char *
verdict_name(enum verdict v)
{
	static const char *const names[VERDICT_COUNT] = { "not-applicable", "pass", "deviated",
		"stale", "unknown", "fail" };
	return v >= 0 && v < VERDICT_COUNT ? names[v] : "fail";
}

int
verdicts_exit(const struct verdicts *v)
{
	bool open = v->control_count == 0;
	for (size_t i = 0; i < v->control_count; i++) {
		enum verdict one = v->controls[i].verdict;
		if (one == VERDICT_FAIL)
			return 1;
		open = open || one == VERDICT_UNKNOWN || one == VERDICT_STALE;
	}
	return open ? 3 : 0;
}

static void
count_control(const struct control_verdict *v, struct clause_verdict *clause)
{
	clause->by_verdict[v->verdict]++;
	if (v->verdict > clause->verdict)
		clause->verdict = v->verdict;
	if (!v->judged)
		clause->not_judged++;
	if (v->verdict != VERDICT_PASS)
		return;
	if (v->grade.source == GRADE_RECOMPUTED)
		clause->recomputed++;
	else if (v->grade.source == GRADE_ATTESTED)
		clause->attested++;
	else
		clause->asserted++;
}

static void
add_failed_ids(const struct verdicts *v, const struct clause_verdict *clause, struct buf *out)
{
	size_t named = 0, failed = clause->by_verdict[VERDICT_FAIL];
	for (size_t i = 0; i < v->control_count && named < HEADLINE_IDS; i++) {
		const struct control_verdict *one = &v->controls[i];
		if (one->control->clause != clause->clause || one->verdict != VERDICT_FAIL)
			continue;
		buf_addf(out, "%s%s", named > 0 ? ", " : "", one->control->id);
		named++;
	}
	if (failed > named)
		buf_addf(out, " and %zu more", failed - named);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* A control leans on what was run with nothing between it and the code that is judged. */
static bool
ran_uncaged(const struct verdicts *v, const struct clause_verdict *clause)
{
	for (size_t i = 0; i < v->control_count; i++) {
		const struct control_verdict *one = &v->controls[i];
		for (size_t k = 0; one->control->clause == clause->clause && k < one->evidence_count; k++) {
			const struct evidence *e = one->evidence[k];
			if (strcmp(e->kind, ANALYSIS_KIND) == 0 && e->facts != NULL
			    && strcmp(((const struct analysis *)e->facts)->cage, ANALYSIS_CAGE_TRUSTED) == 0)
				return true;
		}
	}
	return false;
}

static void
add_rest(const struct verdicts *v, const struct clause_verdict *clause, struct buf *out)
{
	size_t stale = clause->by_verdict[VERDICT_STALE];
	buf_addf(out, "; %zu unknown", clause->by_verdict[VERDICT_UNKNOWN]);
	if (stale > 0)
		buf_addf(out, "; %zu stale", stale);
	if (ran_uncaged(v, clause))
		buf_add_str(out, "; analysers ran without a sandbox");
}

enum assay_status
verdict_headline(const struct verdicts *v, struct arena *arena, struct clause_verdict *clause,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(HEADLINE_MAX);
	size_t controls = 0;
	clause->verdict = VERDICT_NOT_APPLICABLE;
	for (size_t i = 0; i < v->control_count; i++) {
		if (v->controls[i].control->clause == clause->clause) {
			count_control(&v->controls[i], clause);
			controls++;
		}
	}
	/* Whoever asks for one control alone learns nothing of the clause as a whole. */
	if (CATCH(clause_in_part, clause->not_asked > 0)) {
		buf_addf(&text, "%zu of %zu controls were asked for: ", controls, controls + clause->not_asked);
		if (clause->verdict < VERDICT_UNKNOWN)
			clause->verdict = VERDICT_UNKNOWN;
	}
	size_t failed = clause->by_verdict[VERDICT_FAIL];
	size_t exceptions = clause->by_verdict[VERDICT_DEVIATED] +
	    clause->by_verdict[VERDICT_NOT_APPLICABLE];
	size_t clean = clause->by_verdict[VERDICT_PASS] + exceptions;
	if (failed > 0) {
		buf_addf(&text, "gaps in %zu of %zu control%s (", failed, controls, plural(controls));
		add_failed_ids(v, clause, &text);
		buf_add_str(&text, ")");
	} else {
		buf_addf(&text,
		    "no gap found in %zu control%s (%zu recomputed, %zu attested, %zu on the maker's word; %zu exception%s)",
		    clean, plural(clean), clause->recomputed, clause->attested, clause->asserted,
		    exceptions, plural(exceptions));
	}
	add_rest(v, clause, &text);
	TRY(buf_status(&text, "a clause's headline", err));
	clause->headline = arena_copy(arena, buf_span(&text));
	return clause->headline != NULL ? ASSAY_OK : arena_full(err);
}
