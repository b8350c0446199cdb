/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/account.h>

#include <base/cleanup.h>
#include <string.h>

const char *
account_how_name(enum account_how how)
{
	static const char *const names[ACCOUNT_HOWS] = { [ACCOUNT_MISSING] = "missing", [ACCOUNT_BLANK] = "blank",
		[ACCOUNT_CHECKS] = "checks", [ACCOUNT_CHECKS_REVIEW] = "checks-and-review", [ACCOUNT_REVIEW] = "review",
		[ACCOUNT_NOT_APPLICABLE] = "not-applicable", [ACCOUNT_NO_RULE] = "no-such-rule" };
	return (size_t)how < ACCOUNT_HOWS ? names[how] : "unknown";
}

static bool
stands_before(const char *id, const char *name, size_t len)
{
	return strlen(id) == len && memcmp(id, name, len) == 0;
}

void
account_find(const struct plan *p, const struct standards *catalogue, const char *name, struct account_rule *ret_rule)
{
	const size_t len = strcspn(name, "/");
	const char *rule = name[len] == '/' ? name + len + 1 : "";
	*ret_rule = (struct account_rule){ NULL, NULL };
	for (size_t i = 0; i < p->count; i++) {
		if (stands_before(p->standards[i].id, name, len))
			ret_rule->row = plan_row(&p->standards[i], rule);
	}
	for (size_t i = 0; i < catalogue->count; i++) {
		if (stands_before(catalogue->items[i].id, name, len))
			ret_rule->facts = standard_rule(&catalogue->items[i], rule);
	}
}

static enum account_how
how_of(const struct plan_row *row)
{
	if (row == NULL)
		return ACCOUNT_MISSING;
	if (row->not_applicable != NULL)
		return ACCOUNT_NOT_APPLICABLE;
	if (row->check_count > 0)
		return row->review != NULL ? ACCOUNT_CHECKS_REVIEW : ACCOUNT_CHECKS;
	return row->review != NULL ? ACCOUNT_REVIEW : ACCOUNT_BLANK;
}

static struct account_entry
rule_entry(const struct plan_standard *ps, const struct standard *catalogued, const struct standard_rule *rule)
{
	const struct plan_row *row = plan_row(ps, rule->id);
	return (struct account_entry){ .standard = ps, .catalogued = catalogued, .facts = rule, .row = row, .rule = rule->id,
		.title = rule->title, .severity = rule->severity,
		.category = row != NULL && row->category != CATEGORY_NOT_GIVEN ? row->category : rule->category, .how = how_of(row) };
}

static struct account_entry
row_entry(const struct plan_standard *ps, const struct standard *catalogued, const struct plan_row *row)
{
	return (struct account_entry){ .standard = ps, .catalogued = catalogued, .row = row, .rule = row->rule, .title = row->title,
		.severity = row->severity, .category = row->category,
		.how = catalogued != NULL ? ACCOUNT_NO_RULE : how_of(row) };
}

enum assay_status
account_make(const struct plan *p, const struct standards *catalogue, struct arena *arena, struct account *ret_account,
    struct assay_error *err)
{
	struct account a = { .count = 0 };
	size_t room = 0;
	for (size_t i = 0; i < p->count; i++) {
		const struct standard *s = standards_find(catalogue, p->standards[i].id);
		room += p->standards[i].count + (s != NULL ? s->count : 0);
	}
	struct account_entry *entries = arena_array(arena, room + 1, sizeof *entries);
	if (entries == NULL)
		return arena_full(err);
	for (size_t i = 0; i < p->count; i++) {
		const struct plan_standard *ps = &p->standards[i];
		const struct standard *s = standards_find(catalogue, ps->id);
		for (size_t k = 0; s != NULL && k < s->count; k++)
			entries[a.count++] = rule_entry(ps, s, &s->rules[k]);
		for (size_t k = 0; k < ps->count; k++) {
			if (s == NULL || standard_rule(s, ps->rows[k].rule) == NULL)
				entries[a.count++] = row_entry(ps, s, &ps->rows[k]);
		}
	}
	for (size_t i = 0; i < a.count; i++)
		a.by_how[entries[i].how]++;
	a.entries = entries;
	*ret_account = a;
	return ASSAY_OK;
}
