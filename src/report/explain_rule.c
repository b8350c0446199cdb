/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay explain RULE: what is known of a rule of a coding standard, and how the shipped plan enforces it.
 */
#include "common.h"
#include "lines.h"
#include "rules.h"

#include <base/cleanup.h>
#include <string.h>

#define INDENT 4
#define LABELS 18

struct rule_found {
	const struct standard *standard;
	const struct standard_rule *rule;
	const struct plan_row *row; /* of the shipped plan; NULL: it doesn't follow that standard */
};

/* The first standard that has it, in the catalogue's order. */
static enum assay_status
find_rule(const char *id, struct arena *arena, struct rule_found *ret_found, struct assay_error *err)
{
	const struct standards *all;
	struct rule_found found = { NULL, NULL, NULL };
	struct plan plan;
	TRY(standards_load(arena, &all, err));
	for (size_t i = 0; i < all->count && found.rule == NULL; i++) {
		found.standard = &all->items[i];
		found.rule = standard_rule(found.standard, id);
	}
	if (found.rule != NULL) {
		TRY(plan_parse(plan_shipped(), "the shipped plan", arena, &plan, err));
		const struct plan_standard *ps = plan_standard(&plan, found.standard->id);
		found.row = ps != NULL ? plan_row(ps, id) : NULL;
	}
	*ret_found = found;
	return ASSAY_OK;
}

static void
fact(struct lines *l, const char *label, bool given, const char *text)
{
	if (!given)
		return;
	lines_spaces(l, INDENT);
	buf_add_str(l->out, label);
	lines_spaces(l, LABELS - strlen(label));
	lines_add(l, text);
	lines_wrap(l, INDENT + LABELS, INDENT + LABELS);
}

static void
heading(struct lines *l, const char *text)
{
	buf_add_byte(l->out, '\n');
	lines_bold(l, text);
	buf_add_byte(l->out, '\n');
}

static void
facts(struct lines *l, const struct standard_rule *r)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1024);
	heading(l, "Facts");
	fact(l, "category", r->category != CATEGORY_NOT_GIVEN, standard_category_name(r->category));
	fact(l, "severity", r->severity != SEVERITY_NOT_GIVEN, standard_severity_name(r->severity));
	fact(l, "likelihood", r->likelihood != LIKELIHOOD_NOT_GIVEN, standard_likelihood_name(r->likelihood));
	fact(l, "remediation cost", r->remediation != REMEDIATION_NOT_GIVEN, standard_remediation_name(r->remediation));
	buf_addf(&text, "P%u, level L%u", r->priority, r->level);
	fact(l, "priority", r->priority > 0, buf_str(&text));
	buf_reset(&text);
	for (size_t i = 0; i < r->cwe_count; i++)
		buf_addf(&text, "%sCWE-%u", i == 0 ? "" : ", ", r->cwes[i]);
	for (size_t i = 0; i < r->unconfirmed.count; i++) {
		if (strcmp(r->unconfirmed.items[i], "cwe") == 0)
			buf_add_str(&text, " (not confirmed)");
	}
	fact(l, "weaknesses", r->cwe_count > 0, buf_str(&text));
}

static void
means(struct lines *l, const struct plan_row *row)
{
	if (row == NULL)
		return;
	heading(l, "How the shipped plan enforces it");
	for (size_t i = 0; i < row->check_count; i++)
		lines_labelled(l, INDENT, "-", row->checks[i].text);
	if (row->review != NULL)
		lines_labelled(l, INDENT, "at review:", row->review);
}

/* What is found lives in the arena, which the caller frees. */
static enum assay_status
look_up(const char *id, struct arena **arena, struct rule_found *f, bool *ret_found, struct assay_error *err)
{
	if (arena_new(REPORT_ARENA_MAX, arena) != ASSAY_OK)
		return arena_full(err);
	TRY(find_rule(id, *arena, f, err));
	*ret_found = f->rule != NULL;
	return ASSAY_OK;
}

enum assay_status
explain_rule(const char *id, const struct report_style *style, struct buf *out, bool *ret_found, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct rule_found f;
	TRY(look_up(id, &arena, &f, ret_found, err));
	if (!*ret_found)
		return ASSAY_OK;
	CLEANUP(lines_done) struct lines l;
	lines_init(&l, style, out);
	lines_bold(&l, f.rule->id);
	buf_add_str(out, "  ");
	lines_add(&l, f.rule->title != NULL ? f.rule->title : "known here by its number alone");
	lines_wrap(&l, lines_columns(f.rule->id) + 2, INDENT);
	lines_spaces(&l, INDENT);
	lines_add(&l, f.standard->title);
	lines_add(&l, ", edition ");
	lines_add(&l, f.standard->edition);
	lines_wrap(&l, INDENT, INDENT);
	facts(&l, f.rule);
	means(&l, f.row);
	return buf_status(out, "the explanation", err);
}

enum assay_status
explain_rule_json(const char *id, struct buf *out, bool *ret_found, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct rule_found f;
	TRY(look_up(id, &arena, &f, ret_found, err));
	if (!*ret_found)
		return ASSAY_OK;
	CLEANUP(canon_unref) json_t *object = report_json_rule(f.rule);
	CLEANUP(canon_unref) json_t *more = json_pack("{s:o, s:o, s:s, s:s, s:s, s:o, s:s?, s:s, s:o, s:s, s:s, s:s?}", "category",
	    f.rule->category != CATEGORY_NOT_GIVEN ? json_string(standard_category_name(f.rule->category)) : json_null(), "checks",
	    report_json_checks(f.row), "edition", f.standard->edition, "id", f.rule->id, "kind", "rule", "languages",
	    report_json_strings(&f.standard->languages), "review", f.row != NULL ? f.row->review : NULL, "schema", EXPLAIN_SCHEMA,
	    "severity", f.rule->severity != SEVERITY_NOT_GIVEN ? json_string(standard_severity_name(f.rule->severity)) : json_null(),
	    "standard", f.standard->id, "standard_title", f.standard->title, "title", f.rule->title);
	if (object == NULL || more == NULL || json_object_update(object, more) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer");
	return report_json_write(object, out, err);
}
