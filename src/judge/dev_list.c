/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What dev.approved and dev.no-silent judge, each with its state.
 */
#include "deviations.h"
#include "record.h"

#include <base/cleanup.h>
#include <judge/code_deviations.h>
#include <sca/plan.h>

struct listing {
	const struct judge_context *c;
	struct deviations all;
	struct plan plan;
	struct judge_code_deviations *seen;
	struct assay_error *err;
};

static enum assay_status
list_deviations(struct listing *l)
{
	struct judge_deviation *items = arena_array(l->c->arena, l->all.count + 1, sizeof *items);
	if (items == NULL)
		return arena_full(l->err);
	for (size_t i = 0; i < l->all.count; i++) {
		const struct deviation_seen *one = &l->all.items[i];
		items[i] = (struct judge_deviation){ .path = one->file->path, .unread = one->read ? NULL : one->unread, .d = one->d,
			.faults = one->faults, .approved_by = one->approval == NULL ? NULL : one->approval->who->id,
			.ends_soon = one->read && sca_deviation_ends_soon(&one->d, l->c->input->date) };
	}
	l->seen->deviations = items;
	l->seen->deviation_count = l->all.count;
	return ASSAY_OK;
}

static bool
is_left_out(void *ctx, const char *path)
{
	const struct listing *l = ctx;
	return plan_excludes(&l->plan.analysis, path) != NULL;
}

static enum assay_status
list_silences(struct listing *l, const struct sources *s)
{
	struct suppressions found;
	TRY(suppress_find(s, is_left_out, l, l->c->arena, &found, l->err));
	struct judge_silence *items = arena_array(l->c->arena, found.count + 1, sizeof *items);
	if (items == NULL)
		return arena_full(l->err);
	for (size_t i = 0; i < found.count; i++) {
		struct deviations_for d;
		TRY(deviations_for(l->c, &l->all, &l->plan, &found.items[i], &d, l->err));
		const struct deviation_seen *one = d.fallen != NULL ? d.fallen : d.holding;
		items[i] = (struct judge_silence){ &found.items[i], one == NULL ? NULL : one->file->path, !d.missing && d.fallen == NULL };
	}
	l->seen->silences = items;
	l->seen->silence_count = found.count;
	l->seen->unread = found.unread;
	l->seen->unread_count = found.unread_count;
	return ASSAY_OK;
}

enum assay_status
deviations_list(const struct judge_context *c, struct judge_code_deviations *ret_seen, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct judge_code_deviations seen = { 0 };
	struct listing l = { .c = c, .seen = &seen, .err = err };
	if (tree == NULL)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "HEAD's tree could not be read");
	const struct source_file *plan = sources_find(&tree->sources, PLAN_PATH);
	seen.has_plan = plan != NULL && plan->has_bytes;
	if (seen.has_plan)
		TRY(plan_parse(plan->bytes, PLAN_PATH, c->arena, &l.plan, err));
	TRY(deviations_read(c, &l.all, err));
	TRY(list_deviations(&l));
	if (seen.has_plan)
		TRY(list_silences(&l, &tree->sources));
	*ret_seen = seen;
	return ASSAY_OK;
}
