/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>

static enum assay_status
parse(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record,
    struct assay_error *err)
{
	return access_parse(yaml, name, arena, ret_record, err);
}

enum assay_status
access_read(const struct judge_context *c, struct control_verdict *v, struct access_list *ret_access,
    bool *ret_read, struct assay_error *err)
{
	static const struct record_kind kind = { ACCESS_PATH, "no-register",
		"there is no '" ACCESS_PATH "': who may do what is written nowhere that could be read", parse };
	*ret_read = false;
	if (CATCH(access_no_roster, !c->input->roster->present))
		return judge_find(c, v, false, "no-roster", NULL, NULL, err,
		    "there is no roster: whose the names in the access register are can't be told");
	return record_read(c, v, &kind, ret_access, ret_read, err);
}

bool
access_holds(const struct access_grant *g, int64_t at)
{
	return g->since <= at && at < g->until;
}

bool
access_is_overdue(const struct judge_context *c, const struct access_review *review)
{
	const int64_t age = (int64_t)c->input->policy->access_review_days * WHEN_DAY;
	return when_day(review->on) < c->input->date - age;
}
