/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/history.h>
#include <string.h>

#define TAGS "refs/tags/"

/* repo.annotated-tags: a tag is an object of its own, with a tagger, a time and room for a signature. */
enum assay_status
judge_repo_annotated_tags(const struct judge_context *c, struct control_verdict *v,
    struct assay_error *err)
{
	static const struct judge_advice advice[] = {
		{ "lightweight-tag", "tag again with 'git tag -s -f NAME NAME^{commit}'" },
		{ NULL, "see 'assay explain repo.annotated-tags'" },
	};
	const struct history *h = evidence_facts(c->input->evidence, HISTORY_KIND);
	uint64_t tags = 0;
	for (uint32_t i = 0; i < h->ref_count; i++) {
		const struct history_ref *ref = &h->refs[i];
		if (strncmp(ref->name, TAGS, strlen(TAGS)) != 0)
			continue;
		tags++;
		if (CATCH(lightweight_tag, ref->tag == HISTORY_NONE))
			TRY(judge_find(c, v, true, "lightweight-tag", ref->name, NULL, err,
			    "tag '%s' is a name for a commit and can't be signed",
			    ref->name + strlen(TAGS)));
	}
	judge_count(v, "tags", tags);
	return judge_conclude(c, v, tags, "every tag is an object of its own", advice, err);
}
