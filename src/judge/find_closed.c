/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.closed: whatever a register named and no engine reports any more has a closure, and the proof that it takes.
 */
#include "findings.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct findings_base *b;
	uint64_t fixed, argued, gone;
	struct assay_error *err;
};

static const char *const codes[SCA_DOUBTS] = {
	[SCA_PROVEN] = "not-observed",
	[SCA_DOUBT_GONE] = "gone-with-its-file",
	[SCA_DOUBT_EXCLUDED] = "gone-by-exclusion",
	[SCA_DOUBT_NOT_ANALYSED] = "gone-as-nobody-looked",
	[SCA_DOUBT_ENGINE_FAILED] = "gone-as-an-engine-failed",
	[SCA_DOUBT_RULE_DISABLED] = "gone-with-its-rule",
	[SCA_DOUBT_UNDEMONSTRATED] = "gone-undemonstrated",
	[SCA_DOUBT_SUPPRESSED] = "gone-by-suppression",
	[SCA_DOUBT_NO_CLOSURE] = "gone-without-closure",
	[SCA_DOUBT_CLOSURE] = "closure-does-not-hold",
};

/* A person has said what it could have done, before it was put away. */
static bool
is_characterised(const struct sca_finding *f)
{
	return f->reach != NULL && f->safety != NULL && f->exploitability != NULL;
}

static enum assay_status
judge_put_away(const struct judge_context *c, struct control_verdict *v, const struct findings_base *b, const struct sca_finding *f,
    const char *title, struct assay_error *err)
{
	const struct judge_place place = { f->identity, REGISTER_PATH, 0, 0, f->rule };
	if (CATCH(closed_uncharacterised, findings_matters(b, f) && !is_characterised(f)))
		return judge_find_at(c, v, true, "closed-uncharacterised", &place, err,
		    "%s is closed, and nobody has said its reach, safety effect and exploitability", title);
	return ASSAY_OK;
}

static bool
is_closed(const struct sca_finding *f)
{
	return f != NULL && (f->state == SCA_FIXED || f->state == SCA_FALSE_POSITIVE);
}

enum assay_status
findings_judge_closed(const struct judge_context *c, struct control_verdict *v, const struct findings_base *b, const struct sca_finding *f,
    struct assay_error *err)
{
	const char *title = findings_title(c, f);
	const struct judge_place place = { f->identity, f->path, f->line, f->column, f->rule };
	if (title == NULL)
		return arena_full(err);
	if (CATCH(finding_not_observed, f->state == SCA_NOT_OBSERVED))
		return judge_find_at(c, v, true, codes[f->doubt], &place, err, "%s is not reported any more, which proves nothing: %s", title,
		    f->why);
	if (CATCH(finding_closed_and_back, f->reopened))
		return judge_find_at(c, v, true, "closed-and-back", &place, err, "%s was closed as fixed, and is reported again", title);
	return is_closed(f) ? judge_put_away(c, v, b, f, title, err) : ASSAY_OK;
}

static enum assay_status
judge_one(struct state *s, const struct sca_finding *f)
{
	s->fixed += f->state == SCA_FIXED;
	s->argued += f->state == SCA_FALSE_POSITIVE;
	s->gone += f->state == SCA_NOT_OBSERVED;
	return findings_judge_closed(s->c, s->v, s->b, f, s->err);
}

/* An entry that is taken out of the register takes the duty along, unless somebody remembers. */
static enum assay_status
judge_removed(const struct state *s)
{
	for (size_t i = 0; i < s->b->known.count; i++) {
		const struct sca_entry *e = &s->b->known.entries[i];
		const struct judge_place place = { e->identity, REGISTER_PATH, 0, 0, e->rule };
		const bool removed = sca_register_find(&s->b->here, e->identity) == NULL && !is_closed(findings_named(s->b, e->identity));
		if (CATCH(finding_unregistered, removed))
			TRY(judge_find_at(s->c, s->v, true, "finding-unregistered", &place, s->err,
			    "%s in '%s' was taken out of the register, and isn't closed", e->rule, e->path));
	}
	return ASSAY_OK;
}

/* What was closed and isn't known: the register that named it isn't to be seen. */
static enum assay_status
judge_strays(const struct state *s)
{
	for (size_t i = 0; i < s->b->closed_count; i++) {
		const struct sca_closed *k = &s->b->closed[i];
		const struct judge_place place = { k->c.finding, k->path, k->c.line, 1, NULL };
		if (CATCH(closure_of_nothing, findings_named(s->b, k->c.finding) == NULL))
			TRY(judge_find_at(s->c, s->v, false, "closure-of-nothing", &place, s->err,
			    "'%s' closes a finding that no register names and no engine reports", k->path));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_records(const struct state *s)
{
	if (CATCH(register_missing, !s->b->has_register))
		TRY(judge_find(s->c, s->v, false, "no-register", REGISTER_PATH, NULL, s->err,
		    "there is no register of findings: nothing tells which of them went away"));
	return findings_tell_unread(s->c, s->v, s->b, s->err);
}

static const struct judge_advice advice[] = {
	{ "no-plan", "run 'assay init' for a plan to begin with, and commit assay/standard.yaml" },
	{ "no-register", "write assay/findings.yaml, with 'findings: []' when there are none: assay-findings(5)" },
	{ "gone-with-its-file", "have everything analysed: the code may have moved under another name" },
	{ "gone-by-exclusion", "take the exclusion out of assay/standard.yaml" },
	{ "gone-as-nobody-looked", "have each engine that enforces the rule look at the file" },
	{ "gone-as-an-engine-failed", "see why the engine failed on the file: 'sca.complete' names it" },
	{ "gone-with-its-rule", "have the plan enforce the rule again, with the checks that reported it" },
	{ "gone-undemonstrated", "see which snippets the check misses: 'sca.demonstrated' names them" },
	{ "gone-by-suppression", "take out what silences the check there, and look again" },
	{ "gone-without-closure", "close it with a proof: 'assay close', assay-closure(5)" },
	{ "closure-does-not-hold", "see what is said of the closure, correct it, and have it signed anew" },
	{ "closed-and-back", "mend it again, and see why the regression test didn't notice" },
	{ "closed-uncharacterised", "fill reach, safety-effect and exploitability in assay/findings.yaml" },
	{ "finding-unregistered", "put the entry back into assay/findings.yaml, and close it with a proof" },
	{ NULL, "see to what is named, and check again" },
};

const char *
findings_closed_next(const char *code)
{
	size_t i = 0;
	while (advice[i].id != NULL && strcmp(advice[i].id, code) != 0)
		i++;
	return advice[i].next;
}

enum assay_status
judge_find_closed(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(findings_read(c, v, &s.b, err));
	if (s.b == NULL)
		return judge_conclude(c, v, 0, "", advice, err);
	TRY(judge_records(&s));
	for (size_t i = 0; i < s.b->found.count; i++)
		TRY(judge_one(&s, &s.b->found.items[i]));
	TRY(judge_removed(&s));
	TRY(judge_strays(&s));
	judge_count(v, "findings that a register named", s.b->known.count);
	judge_count(v, "closures", s.b->closed_count);
	judge_count(v, "fixed, with proof", s.fixed);
	judge_count(v, "false positives, argued and approved", s.argued);
	judge_count(v, "not observed", s.gone);
	/* Where nothing was known, that nothing went away is seen by who looked at everything. */
	const uint64_t judged = s.b->known.count + s.b->closed_count + s.b->complete;
	return judge_conclude(c, v, judged, "each finding that went away was closed, and is proven to be gone", advice, err);
}
