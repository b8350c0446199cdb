/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: nothing is installed past the lock, run unchecked, or taken from a source that the policy doesn't list.
 */
#include "rows.h"

#include "dep.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>

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
find_sources(const struct judge_context *c, struct control_verdict *v, const struct dep_model *m, struct assay_error *err)
{
	const struct policy_names *sources = &c->input->policy->sources;
	for (const struct dep_ref *r = m->refs; r != NULL && sources->stated; r = r->next) {
		struct judge_place place = { r->name, r->file, r->line, 0, NULL };
		if (r->kind != DEP_REF_SOURCE)
			continue;
		if (CATCH(dep_source_unlisted, !is_listed(sources, r->name)))
			TRY(judge_find_at(c, v, true, "source-unlisted", &place, err,
			    "packages come from '%s', which the policy doesn't list", r->name));
	}
	return ASSAY_OK;
}

enum assay_status
judge_dep_install(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct dep_model *m = judge_dep_tree(c)->deps;
	TRY(find_sources(c, v, m, err));
	TRY(judge_dep_findings(c, v, DEP_INSTALL, err));
	return judge_dep_conclude(c, v, DEP_INSTALL,
	    c->input->policy->sources.stated
	        ? "nothing that was read installs past the lock, runs a download unchecked, or takes packages from an unlisted source"
	        : "nothing that was read installs past the lock or runs a download unchecked; the policy lists no sources",
	    err);
}
