/* SPDX-License-Identifier: Apache-2.0 */
#include "deviations.h"
#include "record.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/account.h>
#include <string.h>

struct reading {
	const struct judge_context *c;
	const struct sources *sources;
	struct signoffs signoffs;
	struct plan plan;  /* empty where there is none that can be read */
	bool has_plan;
	const struct standards *catalogue;
	struct assay_error *err;
};

/* ---- sign-offs ---- */

static enum assay_status
add_fault(const struct reading *r, struct deviation_seen *seen, const char *code, const char *why)
{
	struct sca_fault *f = arena_alloc(r->c->arena, sizeof *f);
	if (f == NULL || why == NULL)
		return arena_full(r->err);
	*f = (struct sca_fault){ .code = code, .gap = true, .why = why, .line = 1, .next = seen->faults };
	seen->faults = f;
	return ASSAY_OK;
}

/* A holding request by the person whom the record names: anybody may write a colleague's name. */
static const struct signoff_seen *
find_request(const struct reading *r, const unsigned char digest[ASSAY_SHA256_SIZE], const char *requester)
{
	for (size_t i = 0; i < r->signoffs.count; i++) {
		const struct signoff_seen *s = &r->signoffs.items[i];
		if (s->code == NULL && s->who != NULL && s->s.act == SIGNOFF_REQUEST && memcmp(s->s.record, digest, ASSAY_SHA256_SIZE) == 0
		    && strcmp(s->who->id, requester) == 0)
			return s;
	}
	return NULL;
}

static enum assay_status
check_signed(const struct reading *r, struct deviation_seen *seen)
{
	const char *role = r->c->input->policy->exception_role, *why = NULL;
	const struct signoff_seen *any = NULL;
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(assay_sha256(seen->file->bytes, digest));
	const struct signoff_seen *request = find_request(r, digest, seen->d.requester);
	if (CATCH(deviation_not_requested, request == NULL))
		TRY(add_fault(r, seen, "deviation-not-requested",
		    arena_printf(r->c->arena, "'%s', whom it names as its requester, has not signed it as that", seen->d.requester)));
	if (CATCH(deviation_no_role, role == NULL))
		return add_fault(r, seen, "deviation-not-approved", "policy.yaml names no role that approves exceptions");
	if (role == NULL)
		return ASSAY_OK;
	seen->approval = signoffs_find(&r->signoffs, digest, SIGNOFF_APPROVE, role, request == NULL ? NULL : request->who);
	if (!CATCH(deviation_not_approved, seen->approval == NULL))
		return ASSAY_OK;
	if (signoffs_approved(&r->signoffs, seen->file, role, &any, &why))
		why = "whoever approved it is the one who requested it";
	return add_fault(r, seen, "deviation-not-approved", why);
}

/* ---- rules ---- */

/* Nobody deviates from what is mandatory, and from what is no rule there is nothing to deviate. */
static enum assay_status
check_rule(const struct reading *r, struct deviation_seen *seen)
{
	struct account_rule rule;
	account_find(&r->plan, r->catalogue, seen->d.rule, &rule);
	const bool mandatory = (rule.row != NULL && rule.row->category == CATEGORY_MANDATORY)
	    || (rule.facts != NULL && !standard_may_deviate(rule.facts));
	if (CATCH(deviation_of_mandatory, mandatory))
		return add_fault(r, seen, "deviation-of-mandatory-rule", arena_printf(r->c->arena, "'%s' is mandatory: nothing excuses from it", seen->d.rule));
	if (CATCH(deviation_of_no_rule, r->has_plan && rule.row == NULL && rule.facts == NULL))
		return add_fault(r, seen, "deviation-of-no-rule", arena_printf(r->c->arena, "neither plan nor catalogue has a rule '%s'", seen->d.rule));
	return ASSAY_OK;
}

/* ---- records ---- */

static enum assay_status
read_one(const struct reading *r, struct deviation_seen *seen)
{
	const struct judge_context *c = r->c;
	struct assay_error why = { 0 };
	seen->unread = "it is no plain file";
	if (!sources_is_file(seen->file))
		return ASSAY_OK;
	const enum assay_status status = sca_deviation_parse(seen->file->bytes, seen->file->path, c->arena, &seen->d, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		*r->err = why;
		return status;
	}
	seen->line = why.line;
	seen->column = why.column;
	seen->unread = status == ASSAY_OK ? NULL : arena_printf(c->arena, "%s%s%s", why.what, why.todo[0] != '\0' ? "; " : "", why.todo);
	if (status != ASSAY_OK)
		return seen->unread == NULL ? arena_full(r->err) : ASSAY_OK;
	seen->read = true;
	TRY(sca_deviation_faults(&seen->d, r->sources, c->input->date, c->input->policy->exception_days, c->arena, &seen->faults, r->err));
	TRY(check_rule(r, seen));
	return check_signed(r, seen);
}

static bool
is_deviation(const struct source_file *f)
{
	return f->has_bytes && text_match(assay_span_str(SCA_DEVIATION_FOLDER "*.yaml"), assay_span_str(f->path))
	    && sca_deviation_is(f->bytes);
}

enum assay_status
deviations_read(const struct judge_context *c, struct deviations *ret_deviations, struct assay_error *err)
{
	const struct tree *t = evidence_facts(c->input->evidence, TREE_KIND);
	struct deviations found = { 0 };
	struct reading r = { .c = c, .sources = &t->sources, .err = err };
	const struct source_file *first = sources_under(&t->sources, SCA_DEVIATION_FOLDER), *end = t->sources.files + t->sources.count;
	size_t room = 0;
	*ret_deviations = found;
	for (const struct source_file *f = first; f != NULL && f < end; f++)
		room += is_deviation(f);
	if (room == 0)
		return ASSAY_OK;
	if (room > DEVIATIONS_MAX)
		return assay_fail(err, ASSAY_E_FORMAT, "more than %d deviations in " SCA_DEVIATION_FOLDER, DEVIATIONS_MAX);
	struct deviation_seen *items = arena_array(c->arena, room, sizeof *items);
	if (items == NULL)
		return arena_full(err);
	TRY(signoffs_read(c, &t->sources, &r.signoffs, err));
	TRY(standards_load(c->arena, &r.catalogue, err));
	TRY(record_plan(c, &r.plan, &r.has_plan, err));
	for (const struct source_file *f = first; found.count < room; f++) {
		if (!is_deviation(f))
			continue;
		items[found.count].file = f;
		TRY(read_one(&r, &items[found.count++]));
	}
	found.items = items;
	*ret_deviations = found;
	return ASSAY_OK;
}

const struct deviation_seen *
deviations_find(const struct deviations *all, const struct sca_subject *subject, bool *ret_holds)
{
	const struct deviation_seen *fallen = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct deviation_seen *one = &all->items[i];
		if (!one->read || !sca_deviation_covers(&one->d, subject))
			continue;
		*ret_holds = one->faults == NULL;
		if (*ret_holds)
			return one;
		fallen = one;
	}
	*ret_holds = false;
	return fallen;
}

/* ---- suppressions ---- */

/* By the check itself, and by each rule of the plan that the check enforces. */
static enum assay_status
find_for_check(const struct judge_context *c, const struct deviations *all, const struct plan *plan, const struct suppression *s,
    const char *check, const struct deviation_seen **ret_seen, bool *ret_holds, struct assay_error *err)
{
	const struct plan_standard *standard;
	const struct plan_row *row;
	size_t cursor = 0;
	const char *full = arena_printf(c->arena, "%s/%s", s->engine, check);
	struct sca_subject subject = { .check = full, .path = s->path, .symbol = s->symbol };
	if (full == NULL)
		return arena_full(err);
	*ret_seen = deviations_find(all, &subject, ret_holds);
	while (!*ret_holds && (row = plan_next_row(plan, s->engine, check, &cursor, &standard)) != NULL) {
		subject.rule = arena_printf(c->arena, "%s/%s", standard->id, row->rule);
		if (subject.rule == NULL)
			return arena_full(err);
		const struct deviation_seen *by_rule = deviations_find(all, &subject, ret_holds);
		*ret_seen = by_rule != NULL ? by_rule : *ret_seen;
	}
	return ASSAY_OK;
}

enum assay_status
deviations_for(const struct judge_context *c, const struct deviations *all, const struct plan *plan, const struct suppression *s,
    struct deviations_for *ret_for, struct assay_error *err)
{
	/* One that names no check belongs to a deviation for just that. */
	static const char *const every[] = { "all" };
	const size_t count = s->check_count == 0 ? 1 : s->check_count;
	*ret_for = (struct deviations_for){ false, NULL, NULL };
	for (size_t i = 0; i < count; i++) {
		const struct deviation_seen *seen = NULL;
		bool holds = false;
		TRY(find_for_check(c, all, plan, s, s->check_count == 0 ? every[0] : s->checks[i], &seen, &holds, err));
		ret_for->missing |= seen == NULL;
		if (holds)
			ret_for->holding = seen;
		else if (seen != NULL)
			ret_for->fallen = seen;
	}
	return ASSAY_OK;
}
