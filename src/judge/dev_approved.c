/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.approved: each deviation of code has a reason that is one, a scope, an end, two people's signatures, and rests on lines that
 * are still what they were.
 */
#include "deviations.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	struct deviations all;
	uint64_t hold, permits, soon;
	const struct deviation_seen *next; /* of those that hold, the one that ends first */
	struct assay_error *err;
};

static enum assay_status
judge_one(struct state *s, const struct deviation_seen *one)
{
	const char *path = one->file->path;
	struct judge_place place = { path, path, one->line, one->column, NULL };
	if (CATCH(deviation_malformed, !one->read))
		return judge_find_at(s->c, s->v, false, "deviation-malformed", &place, s->err, "'%s' can't be read: %s", path, one->unread);
	if (!one->read)
		return ASSAY_OK;
	for (const struct sca_fault *f = one->faults; f != NULL; f = f->next) {
		place = (struct judge_place){ one->d.rule, path, f->line, 1, f->why };
		TRY(judge_find_at(s->c, s->v, f->gap, f->code, &place, s->err, "the deviation from '%s' doesn't hold%s: %s", one->d.rule,
		    f->reopens ? ", what it covered is open again" : "", f->why));
	}
	if (one->faults != NULL)
		return ASSAY_OK;
	s->hold++;
	s->permits += one->d.permit;
	s->soon += sca_deviation_ends_soon(&one->d, s->c->input->date);
	if (s->next == NULL || one->d.until < s->next->d.until)
		s->next = one;
	return ASSAY_OK;
}

/* That nobody deviates is believed beside an analysis that would have found who does. */
static enum assay_status
judge_none(const struct state *s)
{
	const struct control_verdict *complete = judge_verdict_of(s->c, "sca.complete");
	if (!CATCH(deviation_none_unseen, complete == NULL || complete->verdict != VERDICT_PASS))
		return ASSAY_OK;
	return judge_find(s->c, s->v, false, "no-deviations", NULL, NULL, s->err,
	    "no deviation is recorded, and no complete analysis shows that none is needed");
}

static const char *
reason_of(const struct state *s)
{
	char day[WHEN_TEXT_SIZE];
	if (s->next == NULL)
		return "no deviation is recorded, and the analysis is complete";
	when_format_date(s->next->d.until, day);
	return arena_printf(s->c->arena, "each of %zu deviations is approved, limited and still true; %s: '%s' on %s", s->all.count,
	    s->soon > 0 ? "have renewed or mend soon what ends first" : "the first ends", s->next->file->path, day);
}

static const struct judge_advice advice[] = {
	{ "deviation-malformed", "correct what is named, and have it signed: assay-deviation(5)" },
	{ "deviation-reason-refused", "say what makes the code safe without the rule, or keep the rule" },
	{ "deviation-reason-unread", "write the reason in English or German letters" },
	{ "deviation-not-requested", "its requester signs: assay signoff FILE --act request" },
	{ "deviation-not-approved", "somebody else in the policy's role signs: assay signoff FILE --act approve --role ROLE" },
	{ "deviation-expired", "mend the code and remove the record, or decide anew: assay deviate" },
	{ "deviation-too-long", "set an earlier end, and have it signed anew" },
	{ "deviation-premise-changed", "look whether the reason still holds; if so, have it written and signed anew: assay deviate" },
	{ "deviation-premise-moved", "look whether the reason still holds; if so, record the lines as they are now and have that signed" },
	{ "deviation-premise-nothing", "name the lines that the reason rests on: assay deviate --premise FILE:FROM-TO" },
	{ "deviation-of-mandatory-rule", "mend the code: nobody may deviate from it" },
	{ "deviation-of-no-rule", "name a rule that the plan has: assay standard" },
	{ "deviation-too-wide", "name files and symbols; a standing permit names a folder" },
	{ "deviation-stale", "remove the record, or name where the code went and have it signed anew" },
	{ "no-deviations", "bring 'sca.complete' to a pass first" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_dev_approved(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	TRY(deviations_read(c, &s.all, err));
	for (size_t i = 0; i < s.all.count; i++)
		TRY(judge_one(&s, &s.all.items[i]));
	if (s.all.count == 0)
		TRY(judge_none(&s));
	judge_count(v, "deviations", s.all.count);
	judge_count(v, "deviations that hold", s.hold);
	judge_count(v, "of them standing permits", s.permits);
	judge_count(v, "of them ending within 30 days", s.soon);
	const char *reason = reason_of(&s);
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, s.all.count == 0 ? 1 : s.all.count, reason, advice, err);
}
