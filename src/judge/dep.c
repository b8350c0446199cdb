/* SPDX-License-Identifier: Apache-2.0 */
#include "dep.h"

#include <base/catch.h>
#include <base/cleanup.h>

#define DEP_ADVICE(name, area, gap, code, next) { code, next },
const struct judge_advice judge_dep_advice[] = {
	DEP_MATTERS(DEP_ADVICE)
	{ NULL, "see to what kept it from being read, and check again" },
};

const struct tree *
judge_dep_tree(const struct judge_context *c)
{
	return evidence_facts(c->input->evidence, TREE_KIND);
}

enum assay_status
judge_dep_whole(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	size_t gone = judge_dep_tree(c)->folders_gone;
	if (CATCH(dep_folders_gone, gone > 0))
		return judge_find(c, v, false, "folder-gone", NULL, NULL, err,
		    "%zu folder%s of the tree %s absent or altered: what lies there wasn't looked at", gone,
		    gone == 1 ? "" : "s", gone == 1 ? "is" : "are");
	return ASSAY_OK;
}

enum assay_status
judge_dep_findings(const struct judge_context *c, struct control_verdict *v, enum dep_area area, struct assay_error *err)
{
	const struct dep_model *m = judge_dep_tree(c)->deps;
	for (const struct dep_finding *f = m->findings; f != NULL; f = f->next) {
		const struct dep_matter_row *row = &dep_matters[f->matter];
		struct judge_place place = { f->object, f->file, f->line, f->column, f->message };
		if (row->area == area)
			TRY(judge_find_at(c, v, row->gap, row->code, &place, err, "%s", f->message));
	}
	for (size_t i = 0; i < DEP_MATTER_COUNT; i++) {
		if (dep_matters[i].area == area)
			judge_find_more(v, dep_matters[i].gap, dep_matters[i].code, m->more[i]);
	}
	return judge_dep_whole(c, v, err);
}

enum assay_status
judge_dep_conclude(const struct judge_context *c, struct control_verdict *v, enum dep_area area,
    const char *reason, struct assay_error *err)
{
	const struct dep_model *m = judge_dep_tree(c)->deps;
	for (size_t i = 0; i < m->count_counts[area]; i++)
		judge_count(v, m->counts[area][i].name, m->counts[area][i].value);
	return judge_conclude(c, v, m->judged[area], reason, judge_dep_advice, err);
}
