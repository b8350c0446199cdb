/* SPDX-License-Identifier: Apache-2.0 */
#include "exceptions.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <sca/deviation.h>

#define CONTROLS_MAX 512

/* ---- reading ---- */

/* Deviations of code lie there too, and are judged by dev.approved. */
static bool
is_record(const struct source_file *f)
{
	return text_match(assay_span_str(EXCEPTION_FOLDER "*.yaml"), assay_span_str(f->path))
	    && !(f->has_bytes && sca_deviation_is(f->bytes));
}

static enum assay_status
no_such_control(const struct judge_context *c, const struct exception_seen *seen, struct assay_error *err)
{
	const struct catalog *catalog = c->input->catalog;
	const char *ids[CONTROLS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < catalog->control_count && count < CONTROLS_MAX; i++)
		ids[count++] = catalog->controls[i].id;
	const char *near = text_nearest(seen->x.control, ids, count);
	(void)assay_fail(err, ASSAY_E_FORMAT, "there is no control '%s'", seen->x.control);
	(void)assay_error_at(err, ASSAY_E_FORMAT, seen->file->path, seen->x.line, 1);
	if (near != NULL)
		return assay_error_todo(err, ASSAY_E_FORMAT, "did you mean '%s'?", near);
	return assay_error_todo(err, ASSAY_E_FORMAT, "'assay explain 5.1.2' names those of a clause");
}

static enum assay_status
read_one(const struct judge_context *c, const struct signoffs *signoffs, struct exception_seen *seen,
    struct assay_error *err)
{
	const char *role = c->input->policy->exception_role;
	if (!seen->file->has_bytes)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' can't be read: %s", seen->file->path,
		    seen->file->why != NULL ? seen->file->why : "its bytes are not there");
	TRY(exception_parse(seen->file->bytes, seen->file->path, c->arena, &seen->x, err));
	if (catalog_control(c->input->catalog, seen->x.control) == NULL)
		return no_such_control(c, seen, err);
	seen->why = "policy.yaml names no role that approves exceptions";
	if (role == NULL)
		return ASSAY_OK;
	if (!signoffs_approved(signoffs, seen->file, role, &seen->approval, &seen->why) && seen->why == NULL)
		return arena_full(err);
	return ASSAY_OK;
}

enum assay_status
exceptions_read(const struct judge_context *c, struct exceptions *ret_exceptions, struct assay_error *err)
{
	const struct tree *t = c->input->evidence == NULL ? NULL : evidence_facts(c->input->evidence, TREE_KIND);
	struct exceptions found = { 0 };
	struct signoffs signoffs;
	*ret_exceptions = found;
	const struct source_file *f = t == NULL ? NULL : sources_under(&t->sources, EXCEPTION_FOLDER);
	if (f == NULL)
		return ASSAY_OK;
	struct exception_seen *items = arena_array(c->arena, EXCEPTIONS_MAX, sizeof *items);
	if (items == NULL)
		return arena_full(err);
	TRY(signoffs_read(c, &t->sources, &signoffs, err));
	const struct source_file *end = t->sources.files + t->sources.count;
	for (; f < end && strncmp(f->path, EXCEPTION_FOLDER, strlen(EXCEPTION_FOLDER)) == 0; f++) {
		if (!is_record(f))
			continue;
		if (found.count == EXCEPTIONS_MAX)
			return assay_fail(err, ASSAY_E_FORMAT, "more than %d exceptions in " EXCEPTION_FOLDER, EXCEPTIONS_MAX);
		items[found.count].file = f;
		TRY(read_one(c, &signoffs, &items[found.count++], err));
	}
	found.items = items;
	*ret_exceptions = found;
	return ASSAY_OK;
}

/* ---- what they change ---- */

static enum assay_status
refuse(const struct judge_context *c, struct control_verdict *v, const struct exception_seen *x,
    const char *code, const char *why, struct assay_error *err)
{
	const struct judge_place place = { .object = x->x.control, .file = x->file->path, .line = x->x.line, .column = 1,
		.discriminator = code };
	return judge_find_at(c, v, false, code, &place, err, "an exception for '%s' doesn't count: %s", x->x.control, why);
}

/* Exceptions are approved by a role that the rules in force name: nobody is excepted from what says which rules those are. */
#define FOUNDATION "policy.authorised"

static bool
head_is_in_force(const struct standing *s)
{
	const uint32_t head = s == NULL || s->folder == NULL || !s->h->has_head ? HISTORY_NONE : history_find_commit(s->h, &s->h->head_id);
	return head != HISTORY_NONE && s->head != STANDING_NONE && s->folder[head] == s->head;
}

/* A change that nobody authorised, and that was taken back, stays in the history: that much may be deviated from. */
static const char *
shakes_foundation(const struct judge_context *c, const struct control_verdict *v, bool open)
{
	if (strcmp(v->control->id, FOUNDATION) != 0)
		return NULL;
	if (CATCH(exception_foundation_open, open))
		return "which rules are in force is an open question, and on those its approval rests";
	if (CATCH(exception_foundation_head, !c->input->authorised && !head_is_in_force(c->standing)))
		return "the rules in HEAD are none that anybody authorised: have them signed, or take them back";
	return NULL;
}

/* Time, approval, authority: what every exception must have. */
static const char *
doesnt_hold(const struct judge_context *c, const struct exception_seen *x, const char **ret_code)
{
	*ret_code = "exception-expired";
	if (CATCH(exception_expired, x->x.until <= c->input->date))
		return "its time is up";
	*ret_code = "exception-too-long";
	if (CATCH(exception_too_long, x->x.until - c->input->date > (int64_t)c->input->policy->exception_days * WHEN_DAY))
		return "it runs longer than policy.yaml allows";
	*ret_code = "exception-not-approved";
	if (CATCH(exception_not_approved, x->approval == NULL))
		return x->why;
	*ret_code = "exception-without-authority";
	if (CATCH(exception_without_authority, !judge_authorised(c)))
		return "no trust root yet: nobody has settled who may approve it";
	return NULL;
}

const char *
exceptions_no_import(const struct judge_context *c)
{
	const char *why = "no historic import is in " EXCEPTION_FOLDER, *code;
	for (size_t i = 0; c->exceptions != NULL && i < c->exceptions->count && why != NULL; i++) {
		if (c->exceptions->items[i].x.kind == EXCEPTION_HISTORIC)
			why = doesnt_hold(c, &c->exceptions->items[i], &code);
	}
	return why;
}

/* What speaks against it; NULL when nothing does. open: not all of what was found is a gap. */
static const char *
objection(const struct judge_context *c, const struct control_verdict *v, const struct exception_seen *x, bool open,
    const char **ret_code)
{
	const bool none = x->x.kind == EXCEPTION_NOT_APPLICABLE;
	*ret_code = "exception-not-allowed";
	if (CATCH(exception_not_allowed, none && !v->control->may_be_not_applicable))
		return "this control applies everywhere";
	*ret_code = "exception-contradicted";
	if (CATCH(exception_contradicted, none && (v->verdict == VERDICT_FAIL || v->finding_total > 0)))
		return "it is said not to apply, and there is something that it applies to";
	const char *why = doesnt_hold(c, x, ret_code);
	if (why != NULL)
		return why;
	*ret_code = "exception-to-authority";
	return shakes_foundation(c, v, open);
}

static enum assay_status
grant(const struct judge_context *c, struct control_verdict *v, const struct exception_seen *x, bool open, struct assay_error *err)
{
	char until[WHEN_TEXT_SIZE];
	const bool none = x->x.kind == EXCEPTION_NOT_APPLICABLE;
	when_format_date(x->x.until, until);
	v->verdict = none ? VERDICT_NOT_APPLICABLE : VERDICT_DEVIATED;
	v->unauthorised = false;
	v->reason = arena_printf(c->arena, "%s until %s, approved by %s: %s", none ? "doesn't apply" : "deviated",
	    until, x->approval != NULL ? x->approval->who->name : "nobody", x->x.reason);
	v->next = none ? NULL : "mend it before the deviation ends, or have it renewed";
	/* The gap is known and accepted; what could not be looked at nobody has seen to accept it. */
	if (CATCH(exception_leaves_open, open)) {
		v->verdict = VERDICT_UNKNOWN;
		v->reason = v->reason == NULL ? NULL : arena_printf(c->arena, "its gaps are %s; and there are open questions", v->reason);
		v->next = "answer them: the findings that are no gaps";
	}
	return v->reason == NULL ? arena_full(err) : ASSAY_OK;
}

/* A deviation is from a gap that was found; what doesn't apply is what nothing was found of. */
static bool
is_asked_for(const struct control_verdict *v, const struct exception_seen *x)
{
	/* That one is asked for where the control is judged. */
	if (x->x.kind == EXCEPTION_HISTORIC)
		return false;
	if (x->x.kind == EXCEPTION_DEVIATED)
		return v->verdict == VERDICT_FAIL;
	return v->verdict == VERDICT_UNKNOWN || v->verdict == VERDICT_FAIL;
}

enum assay_status
exceptions_apply(const struct judge_context *c, const struct exceptions *x, struct control_verdict *v,
    struct assay_error *err)
{
	/* Before any is refused: that would be a question too. */
	const bool open = v->finding_total > v->gap_total;
	for (size_t i = 0; i < x->count; i++) {
		const struct exception_seen *one = &x->items[i];
		const char *code;
		if (strcmp(one->x.control, v->control->id) != 0 || !is_asked_for(v, one))
			continue;
		const char *why = objection(c, v, one, open, &code);
		if (why == NULL)
			return grant(c, v, one, open, err);
		TRY(refuse(c, v, one, code, why, err));
	}
	return ASSAY_OK;
}
