/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What pipelines deploy, they do under an account of their own: a service of the register with the right to.
 */
#include "access.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/tree.h>

#define RIGHT_DEPLOY (1u << 5)

static bool
some_service_deploys(const struct judge_context *c, const struct access_list *a)
{
	for (size_t i = 0; i < a->grant_count; i++) {
		const struct access_grant *g = &a->grants[i];
		if (access_holds(g, c->input->date) && (g->rights & RIGHT_DEPLOY) != 0
		    && access_service_by_id(a, g->who) != NULL && record_person(c, g->who) == NULL)
			return true;
	}
	return false;
}

enum assay_status
access_deployments(const struct judge_context *c, struct control_verdict *v, const struct access_list *a,
    struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const bool listed = some_service_deploys(c, a);
	const struct ci_pipeline *p = tree->ci != NULL ? tree->ci->pipelines : NULL;
	for (; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
			struct judge_place place = { j->name, j->place.file, j->place.line, j->place.column, j->environment };
			if (CATCH(actual_deploys_unlisted, j->environment != NULL && !listed))
				TRY(judge_find_at(c, v, true, "deploys-unlisted", &place, err,
				    "the job '%s' deploys to '%s', and no service of the register holds the right to", j->name,
				    j->environment));
		}
	}
	return ASSAY_OK;
}
