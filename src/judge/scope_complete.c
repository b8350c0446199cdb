/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope.complete: what the tree refers to, against what the policy lists. Listed and not found is no gap.
 */
#include "rows.h"

#include "dep.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <ci/model.h>
#include <stddef.h>

static const struct {
	const char *code, *what, *key;
	size_t offset;
} lists[] = {
	[DEP_REF_REPOSITORY] = { "unlisted-repository", "a repository", "scope: repositories", offsetof(struct policy, repositories) },
	[DEP_REF_SUPPLIER] = { "unlisted-supplier", "a supplier", "scope: suppliers", offsetof(struct policy, suppliers) },
	[DEP_REF_IMAGE] = { "unlisted-image", "an image", "scope: images", offsetof(struct policy, images) },
};

#define LISTS (sizeof lists / sizeof lists[0])

static const struct policy_names *
names_of(const struct policy *p, enum dep_ref_kind kind)
{
	const void *names = (const unsigned char *)p + lists[kind].offset;
	return names;
}

static bool
is_listed(const struct policy_names *names, const char *name)
{
	for (size_t i = 0; i < names->list.count; i++) {
		if (text_match(assay_span_str(names->list.items[i]), assay_span_str(name)))
			return true;
	}
	return false;
}

static enum assay_status
find_unlisted(const struct judge_context *c, struct control_verdict *v, const struct dep_model *m, uint64_t *counts,
    struct assay_error *err)
{
	for (const struct dep_ref *r = m->refs; r != NULL; r = r->next) {
		struct judge_place place = { r->name, r->file, r->line, 0, NULL };
		if ((size_t)r->kind >= LISTS)
			continue;
		counts[r->kind]++;
		if (CATCH(scope_unlisted, !is_listed(names_of(c->input->policy, r->kind), r->name)))
			TRY(judge_find_at(c, v, true, lists[r->kind].code, &place, err,
			    "'%s' is %s that the tree refers to and '%s' in the policy doesn't list", r->name, lists[r->kind].what,
			    lists[r->kind].key));
	}
	/* Takes more references than a deception holds. */
	if (m->refs_dropped > 0)
		TRY(judge_find(c, v, false, "references-dropped", NULL, NULL, err, "%llu more references were found than are kept",
		    (unsigned long long)m->refs_dropped));
	return ASSAY_OK;
}

/* What couldn't be read may refer to anything. */
static enum assay_status
find_unclear(const struct judge_context *c, struct control_verdict *v, const struct dep_model *m, struct assay_error *err)
{
	const struct ci_model *ci = judge_dep_tree(c)->ci;
	for (const struct dep_finding *f = m->findings; f != NULL; f = f->next) {
		struct judge_place place = { f->object, f->file, f->line, f->column, f->message };
		if (CATCH(scope_unclear, !dep_matters[f->matter].gap))
			TRY(judge_find_at(c, v, false, "reference-unclear", &place, err, "what it refers to can't be told: %s", f->message));
	}
	for (const struct ci_question *q = ci != NULL ? ci->questions : NULL; q != NULL; q = q->next) {
		struct judge_place place = { NULL, q->place.file, q->place.line, q->place.column, q->what };
		if (CATCH(scope_pipeline_unclear, (q->controls & CI_PINNED) != 0))
			TRY(judge_find_at(c, v, false, "reference-unclear", &place, err, "what it refers to can't be told: %s", q->what));
	}
	return judge_dep_whole(c, v, err);
}

static const struct judge_advice advice[] = {
	{ "unlisted-repository", "look who answers for it and which check covers it, then list it in assay/policy.yaml under 'scope: repositories'" },
	{ "unlisted-supplier", "look who answers for it, then list it in assay/policy.yaml under 'scope: suppliers'" },
	{ "unlisted-image", "look who answers for it, then list it in assay/policy.yaml under 'scope: images'" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_scope_complete(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const char *const words[LISTS] = { "repositories referred to", "suppliers referred to", "images referred to" };
	const struct dep_model *m = judge_dep_tree(c)->deps;
	uint64_t counts[LISTS] = { 0 }, judged = 0;
	TRY(find_unlisted(c, v, m, counts, err));
	TRY(find_unclear(c, v, m, err));
	for (size_t i = 0; i < LISTS; i++) {
		judge_count(v, words[i], counts[i]);
		/* An empty list that is written down says that there is nothing, and nothing was found. */
		judged += counts[i] + (names_of(c->input->policy, (enum dep_ref_kind)i)->stated ? 1 : 0);
	}
	return judge_conclude(c, v, judged, "everything that was found to feed the tree from outside is listed in the scope", advice, err);
}
