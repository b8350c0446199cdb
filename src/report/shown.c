/* SPDX-License-Identifier: Apache-2.0 */
#include "shown.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <stdlib.h>
#include <string.h>

static int
compare_rules(const void *left, const void *right)
{
	return strcmp(((const struct report_tally *)left)->rule, ((const struct report_tally *)right)->rule);
}

enum assay_status
report_shown_make(const struct verdicts *v, struct arena *arena, struct report_shown *ret_shown, struct assay_error *err)
{
	const struct sca_findings *found = v->findings;
	size_t kept = 0;
	*ret_shown = (struct report_shown){ .code = v->code };
	if (found == NULL)
		return ASSAY_OK;
	struct report_tally *t = arena_array(arena, found->count + 1, sizeof *t);
	if (t == NULL)
		return arena_full(err);
	for (size_t i = 0; i < found->count; i++) {
		const struct sca_finding *f = &found->items[i];
		t[i] = (struct report_tally){ f->rule, f->state == SCA_NEW || f->state == SCA_OPEN, f->state == SCA_DEVIATED, 1 };
	}
	qsort(t, found->count, sizeof *t, compare_rules);
	for (size_t i = 0; i < found->count; i++) {
		if (kept == 0 || strcmp(t[kept - 1].rule, t[i].rule) != 0) {
			t[kept++] = t[i];
			continue;
		}
		t[kept - 1].open += t[i].open;
		t[kept - 1].deviated += t[i].deviated;
		t[kept - 1].all++;
	}
	ret_shown->tallies = t;
	ret_shown->tally_count = kept;
	return ASSAY_OK;
}

const struct sca_demo *
report_shown_demo(const struct report_shown *s, const struct account_entry *e)
{
	for (size_t i = 0; s->code != NULL && e->row != NULL && i < s->code->demo_count; i++) {
		if (s->code->demos[i].row == e->row)
			return &s->code->demos[i];
	}
	return NULL;
}

struct report_tally
report_shown_tally(const struct report_shown *s, const struct account_entry *e)
{
	CLEANUP(buf_done) struct buf name = BUF_INIT(PLAN_PATH_LENGTH_MAX);
	buf_addf(&name, "%s/%s", e->standard->id, e->rule);
	const struct report_tally key = { .rule = buf_str(&name) };
	const struct report_tally *t = s->tally_count == 0 ? NULL : bsearch(&key, s->tallies, s->tally_count, sizeof *t, compare_rules);
	return t != NULL ? *t : (struct report_tally){ 0 };
}

bool
report_demo_shared(const struct sca_demo *d)
{
	return d->row->review != NULL && d->caught > 0 && d->caught + d->not_run < d->bad && d->flagged == 0 && d->not_run == 0;
}

const struct report_demo_state *
report_demo_state(const struct sca_demo *d)
{
	enum { SHOWN, NO_SNIPPETS, NOT_RUN, MISSED, FLAGGED, IN_PART, NOT_ELSEWHERE, ELSEWHERE };
	static const struct report_demo_state states[] = { [SHOWN] = { "shown", "shown", "v-pass" },
		[NO_SNIPPETS] = { "no-snippets", "no snippets", "v-unknown" }, [NOT_RUN] = { "not-run", "not run on all", "v-unknown" },
		[MISSED] = { "fault-missed", "a fault is missed", "v-fail" },
		[FLAGGED] = { "sound-flagged", "sound code is flagged", "v-fail" },
		[IN_PART] = { "in-part", "in part, the rest at review", "v-deviated" },
		[NOT_ELSEWHERE] = { "not-shown-elsewhere", "not shown elsewhere", "v-unknown" },
		[ELSEWHERE] = { "shown-elsewhere", "shown elsewhere", "v-pass" } };
	if (d->local == 0)
		return &states[d->planted ? ELSEWHERE : NOT_ELSEWHERE];
	if (d->bad == 0 || d->good == 0)
		return &states[NO_SNIPPETS];
	if (report_demo_shared(d))
		return &states[d->planted ? IN_PART : NOT_ELSEWHERE];
	if (d->caught + d->not_run < d->bad)
		return &states[MISSED];
	if (d->flagged > 0)
		return &states[FLAGGED];
	if (!d->enforced)
		return &states[NOT_RUN];
	return &states[d->planted ? SHOWN : NOT_ELSEWHERE];
}
