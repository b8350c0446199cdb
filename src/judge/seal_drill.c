/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.drill: copies of this very release were attacked in each way that there is, and each was rejected for its own reason; by the
 * product's own updater or boot check, too, when the policy names one.
 */
#include "drills.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "no-drill", "attack copies of it and keep the record: see assay-drill(5)" },
	{ "attack-accepted", "mend the verifier, seal what comes of it, and drill again" },
	{ "attack-rejected-otherwise", "see what the verifier stumbled over before it came to what was done" },
	{ "attack-not-tried", "try it as well: see assay-drill(5) for what each attack does" },
	{ "attack-unknown", "leave out of the record what the table in assay-drill(5) lacks" },
	{ "untouched-refused", "have the untouched copy verified first, and see why it wasn't taken" },
	{ "target-accepted", "mend the product's own check: it took an altered release" },
	{ "target-not-tried", "have the product's own check try each attacked copy" },
	{ "target-refuses-all", "see why the product's own check doesn't take the release as it is" },
	{ "verifier-other", "drill the verifier that operators have: assay drill --verifier FILE, with the file in the release" },
	{ "record-unread", "write the record anew: see assay-drill(5)" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "drill again" },
};

static enum assay_status
judge_names(const struct drills *d)
{
	for (size_t i = 0; i < d->count; i++) {
		for (size_t k = 0; k < d->items[i]->attack_count; k++) {
			const char *name = d->items[i]->attacks[k].attack;
			if (CATCH(drill_unknown, strcmp(name, "none") != 0 && attack_find(name) == NULL))
				TRY(judge_find(d->b->c, d->b->v, false, "attack-unknown", name, d->items[i]->file, d->b->err,
				    "'%s' is no attack that is known here", name));
		}
	}
	return ASSAY_OK;
}

/* Whose rejections they were: where the release holds no verifier, nobody but the reader can say whether it is the operators'. */
static const char *
by_whom(const struct drills *d)
{
	bool others = false;
	if (d->verifier != NULL || d->count == 0)
		return "our verifier";
	for (size_t i = 1; i < d->count; i++)
		others = others || strcmp(d->items[i]->program, d->items[0]->program) != 0;
	return arena_printf(d->b->c->arena, "a verifier that isn't in the release (SHA-256 %s%s)", d->items[0]->program, others ? " and others" : "");
}

enum assay_status
judge_seal_drill(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	struct drills d;
	bool holds = false, given = false;
	release_base_of_records(c, v, &b, &given, err);
	if (!given)
		return ASSAY_OK;
	TRY(drills_of(&b, &d));
	TRY(release_must_hold(&b, &holds));
	if (holds && d.count == 0 && d.elsewhere > 0) {
		v->verdict = VERDICT_STALE;
		v->reason = "the drills that there are were of other releases";
		v->next = "drill this one";
		return ASSAY_OK;
	}
	if (CATCH(drill_none, holds && d.count == 0))
		TRY(judge_find(c, v, false, "no-drill", b.seal->name, NULL, err, "there is no record of a drill of this release"));
	TRY(drills_unread(&b, d.records));
	TRY(judge_names(&d));
	TRY(drills_judge(&d, NULL));
	judge_count(v, "drills", d.count);
	judge_count(v, "attacks tried", d.tried);
	const char *by = by_whom(&d);
	const char *reason = by == NULL ? NULL : arena_printf(c->arena, "each attack on a copy of %s was rejected for its own reason, by %s%s%s",
	    release_title(&b, b.seal), by, b.policy->target == NULL ? " only" : " and by the product's own check: ",
	    b.policy->target == NULL ? "" : b.policy->target);
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, d.tried, reason, advice, err);
}
