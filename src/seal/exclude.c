/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy leaves out of a manifest: by pattern, for a reason, and what is dangerous only by its kind. */
#include "cover.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* Groups whose kinds an exclusion has to name. */
static bool
needs_name(enum seal_group group)
{
	static const bool needs[SEAL_GROUPS] = { [SEAL_GROUP_CODE] = true, [SEAL_GROUP_FIRMWARE] = true, [SEAL_GROUP_STARTS] = true,
		[SEAL_GROUP_ACCESS] = true, [SEAL_GROUP_KEY] = true, [SEAL_GROUP_DEVICE] = true };
	return needs[group];
}

/* A pattern without a letter of its own matches whatever there is. */
static bool
is_wide(const char *pattern)
{
	return pattern[strspn(pattern, "*?/.")] == '\0';
}

static bool
counts(const struct seal_exclusion *x)
{
	return !is_wide(x->pattern) && x->reason != NULL && x->reason[strspn(x->reason, " \t\n")] != '\0'
	    && (x->kind == NULL || seal_kind_find(x->kind) != SEAL_KIND_COUNT);
}

static bool
matches(const struct seal_exclusion *x, const struct seal_entry *e)
{
	return counts(x) && text_match(assay_span_str(x->pattern), assay_span_str(e->path));
}

/* Whether an archive in it holds what would have to be named. */
static bool
holds_danger(const struct seal_entry *e)
{
	for (const struct seal_member *m = e->inside == NULL ? NULL : e->inside->members; m != NULL; m = m->next) {
		for (unsigned k = 0; k < SEAL_KIND_COUNT; k++) {
			if (m->looked.kinds[k] != SEAL_NOT && needs_name(seal_kinds[k].group))
				return true;
		}
	}
	return e->inside != NULL && e->inside->problems != NULL;
}

static bool
is_named(const struct cover *c, const struct seal_entry *e, enum seal_kind kind)
{
	for (size_t i = 0; i < c->scene->exclusion_count; i++) {
		const struct seal_exclusion *x = &c->scene->exclusions[i];
		if (x->kind != NULL && seal_kind_find(x->kind) == kind && matches(x, e))
			return true;
	}
	return false;
}

enum assay_status
cover_excluded(struct cover *c, const struct seal_entry *e, bool *ret_excluded, struct assay_error *err)
{
	const bool archive = holds_danger(e);
	bool any = false;
	for (size_t i = 0; i < c->scene->exclusion_count; i++) {
		const struct seal_exclusion *x = &c->scene->exclusions[i];
		const bool hit = matches(x, e) && (x->kind == NULL || e->looked->kinds[seal_kind_find(x->kind)] != SEAL_NOT);
		any = any || hit;
		c->used[i] = c->used[i] || hit;
	}
	*ret_excluded = any;
	for (unsigned k = 0; any && k < SEAL_KIND_COUNT; k++) {
		const bool must = needs_name(seal_kinds[k].group) || (archive && seal_kinds[k].group == SEAL_GROUP_CONTAINER);
		if (e->looked->kinds[k] == SEAL_NOT || !must || is_named(c, e, (enum seal_kind)k))
			continue;
		*ret_excluded = false;
		TRY(cover_fact(c, SEAL_MATTER_EXCLUSION_KIND, e->path, seal_kinds[k].name, err));
	}
	return ASSAY_OK;
}

enum assay_status
cover_exclusions(struct cover *c, struct assay_error *err)
{
	for (size_t i = 0; i < c->scene->exclusion_count; i++) {
		const struct seal_exclusion *x = &c->scene->exclusions[i];
		if (is_wide(x->pattern))
			TRY(cover_fact(c, SEAL_MATTER_EXCLUSION_WIDE, x->pattern, x->kind, err));
		else if (x->reason == NULL || x->reason[strspn(x->reason, " \t\n")] == '\0')
			TRY(cover_fact(c, SEAL_MATTER_EXCLUSION_REASON, x->pattern, x->kind, err));
		else if (x->kind != NULL && seal_kind_find(x->kind) == SEAL_KIND_COUNT)
			TRY(cover_fact(c, SEAL_MATTER_EXCLUSION_UNKNOWN, x->pattern, x->kind, err));
		else if (!c->used[i])
			TRY(cover_fact(c, SEAL_MATTER_EXCLUSION_UNUSED, x->pattern, x->kind, err));
	}
	return ASSAY_OK;
}
