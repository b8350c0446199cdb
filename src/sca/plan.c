/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/plan.h>

#include "analysis.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <policy/id.h>
#include <sca/language.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

extern const struct embedded_file plan_files[];

const char *const plan_engines[] = { "gcc", "clang", "clang-tidy", "cppcheck", "flawfinder", "assay", NULL };

bool
plan_engine_known(const char *engine)
{
	for (size_t i = 0; plan_engines[i] != NULL; i++) {
		if (strcmp(plan_engines[i], engine) == 0)
			return true;
	}
	return false;
}

bool
plan_engine_imported(const char *engine)
{
	return strncmp(engine, PLAN_IMPORT, strlen(PLAN_IMPORT)) == 0 && engine[strlen(PLAN_IMPORT)] != '\0';
}

/* ---- rows ---- */

/* Only checks that are known to have parts are cut: '#' may stand in what analysers elsewhere call their rules. */
static enum assay_status
cut_part(const struct yaml_context *c, const struct yaml_node *n, struct plan_check *check, struct assay_error *err)
{
	const char *hash = strrchr(check->text, '#'), *parts = NULL;
	check->whole = check->text;
	if (hash == NULL || plan_engine_imported(check->engine))
		return ASSAY_OK;
	check->whole = arena_copy(c->arena, (struct assay_span){ (const unsigned char *)check->text, (size_t)(hash - check->text) });
	if (check->whole == NULL)
		return arena_full(err);
	check->name = check->whole + strlen(check->engine) + 1;
	check->part = hash + 1;
	if (plan_check_has_part(check, c->arena, &parts))
		return ASSAY_OK;
	yaml_fail(c, n, err, "the check '%s' has no part '%s'", check->whole, check->part);
	if (parts == NULL || parts[0] == '\0')
		return assay_error_todo(err, ASSAY_E_FORMAT, "leave out '#' and what follows");
	return assay_error_todo(err, ASSAY_E_FORMAT, "name one of %s", parts);
}

/* What stands here becomes an option of an engine, or names what stands in its report: no blank, no quote, no shell. */
static enum assay_status
read_check(const struct yaml_context *c, const struct yaml_node *n, struct plan_check *ret_check, struct assay_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-=,/:@#";
	struct plan_check check = { .line = n->line, .column = n->column };
	TRY(yaml_str(c, n, &check.text, err));
	const char *slash = strchr(check.text, '/');
	if (slash == NULL || slash == check.text || slash[1] == '\0') {
		yaml_fail(c, n, err, "a check must be ENGINE/CHECK");
		return assay_error_todo(err, ASSAY_E_FORMAT, "write 'gcc/-Wformat=2', 'assay/NAME' or 'import:ANALYSER/RULE'");
	}
	if (n->text_len > PLAN_CHECK_LENGTH_MAX || check.text[strspn(check.text, allowed)] != '\0')
		return yaml_fail(c, n, err, "a check has at most %d letters, digits and '._+-=,/:@#'", PLAN_CHECK_LENGTH_MAX);
	check.engine = arena_copy(c->arena,
	    (struct assay_span){ (const unsigned char *)check.text, (size_t)(slash - check.text) });
	check.name = slash + 1;
	if (check.engine == NULL)
		return arena_full(err);
	TRY(cut_part(c, n, &check, err));
	*ret_check = check;
	return ASSAY_OK;
}

/* where is the row. */
static enum assay_status
decode_checks(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct plan_row *row = where;
	if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > PLAN_CHECKS_MAX)
		return yaml_fail(c, node, err, "checks must be a list of one to %d", PLAN_CHECKS_MAX);
	struct plan_check *checks = arena_array(c->arena, node->count, sizeof *checks);
	if (checks == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct plan_check *check = &checks[row->check_count];
		TRY(read_check(c, n, check, err));
		for (size_t i = 0; i < row->check_count; i++) {
			if (strcmp(checks[i].text, check->text) == 0)
				return yaml_fail(c, n, err, "the check '%s' stands twice", check->text);
		}
		row->check_count++;
	}
	row->checks = checks;
	return ASSAY_OK;
}

static const struct yaml_field row_fields[] = {
	{ "checks", false, 0, decode_checks },
	{ "review", false, offsetof(struct plan_row, review), yaml_str },
	{ "not-applicable", false, offsetof(struct plan_row, not_applicable), yaml_str },
	{ "category", false, offsetof(struct plan_row, category), standard_decode_category },
	{ "title", false, offsetof(struct plan_row, title), yaml_str },
	{ "severity", false, offsetof(struct plan_row, severity), standard_decode_severity },
};

/* A row without a value is blank, which is no fault of form: the judge has it as a gap. */
static enum assay_status
read_row(const struct yaml_context *c, const struct yaml_node *n, bool own, struct plan_row *ret_row, struct assay_error *err)
{
	struct plan_row row = { .rule = n->key, .line = n->key_line, .column = n->key_column };
	const struct yaml_node id = { .kind = YAML_SCALAR, .text = n->key, .text_len = strlen(n->key), .line = n->key_line,
		.column = n->key_column };
	TRY(policy_id(c, &id, &row.rule, err));
	if (!yaml_is_null(n))
		TRY(yaml_decode(c, n, row_fields, COUNT(row_fields), &row, err));
	if (row.not_applicable != NULL && (row.check_count > 0 || row.review != NULL))
		return yaml_fail(c, n, err, "'%s' is said to be not applicable, and yet to be enforced", row.rule);
	if (!own && (row.title != NULL || row.severity != SEVERITY_NOT_GIVEN)) {
		yaml_fail(c, n, err, "title and severity of '%s' are the standard's", row.rule);
		return assay_error_todo(err, ASSAY_E_FORMAT, "give them to rules of the standard '" PLAN_OWN "' alone");
	}
	*ret_row = row;
	return ASSAY_OK;
}

static enum assay_status
read_rows(const struct yaml_context *c, const struct yaml_node *node, struct plan_standard *s, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(node, "rules");
	if (list->kind != YAML_MAPPING || list->count > PLAN_RULES_MAX)
		return yaml_fail(c, list, err, "rules must be a mapping of at most %d rules", PLAN_RULES_MAX);
	struct plan_row *rows = arena_array(c->arena, list->count + 1, sizeof *rows);
	if (rows == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next)
		TRY(read_row(c, n, strcmp(s->id, PLAN_OWN) == 0, &rows[s->count++], err));
	s->rows = rows;
	return ASSAY_OK;
}

/* ---- standards ---- */

static enum assay_status
decode_languages(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char *known[PLAN_LANGUAGES_MAX];
	size_t count = 0, index;
	for (const struct sca_language *l = sca_languages; l->name != NULL && count < COUNT(known); l++)
		known[count++] = l->name;
	TRY(yaml_str_list(c, node, where, err));
	if (node->count == 0 || node->count > PLAN_LANGUAGES_MAX)
		return yaml_fail(c, node, err, "languages must name one to %d", PLAN_LANGUAGES_MAX);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(yaml_word(c, n, known, count, &index, err));
	return ASSAY_OK;
}

static const struct yaml_field standard_fields[] = {
	{ "id", true, offsetof(struct plan_standard, id), policy_id },
	{ "languages", true, offsetof(struct plan_standard, languages), decode_languages },
	{ "version", false, offsetof(struct plan_standard, version), yaml_str },
	{ "approved", false, offsetof(struct plan_standard, approved), yaml_time },
	{ "review-by", false, offsetof(struct plan_standard, review_by), yaml_time },
	{ "rules", true, 0, yaml_ignore },
};

static enum assay_status
read_standards(const struct yaml_context *c, const struct yaml_node *root, struct plan *p, struct assay_error *err)
{
	void *items;
	size_t room;
	TRY(policy_list(c, root, "standards", PLAN_STANDARDS_MAX, sizeof *p->standards, &items, &room, err));
	struct plan_standard *standards = items;
	for (const struct yaml_node *n = yaml_get(root, "standards")->first; n != NULL; n = n->next) {
		struct plan_standard *s = &standards[p->count];
		*s = (struct plan_standard){ .approved = WHEN_MIN, .review_by = WHEN_MIN, .line = n->line, .column = n->column };
		TRY(yaml_decode(c, n, standard_fields, COUNT(standard_fields), s, err));
		for (size_t i = 0; i < p->count; i++) {
			if (strcmp(standards[i].id, s->id) == 0)
				return yaml_fail(c, n, err, "the standard '%s' stands twice, first in line %u", s->id,
				    standards[i].line);
		}
		TRY(read_rows(c, n, s, err));
		p->count++;
	}
	p->standards = standards;
	return ASSAY_OK;
}

static const struct yaml_field plan_fields[] = {
	{ "assay-standard", true, 0, yaml_ignore },
	{ "standards", true, 0, yaml_ignore },
	{ "analysis", false, offsetof(struct plan, analysis), analysis_decode },
};

enum assay_status
plan_parse(struct assay_span yaml, const char *name, struct arena *arena, struct plan *ret_plan, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct plan p = { .analysis = { .threshold = SEVERITY_MEDIUM } };
	TRY(yaml_open(yaml, &c, "assay-standard", PLAN_VERSION, &root, err));
	TRY(yaml_decode(&c, root, plan_fields, COUNT(plan_fields), &p, err));
	TRY(read_standards(&c, root, &p, err));
	*ret_plan = p;
	return ASSAY_OK;
}

struct assay_span
plan_shipped(void)
{
	return (struct assay_span){ plan_files[0].data, plan_files[0].len };
}

/* ---- looking things up ---- */

enum assay_status
plan_checks(const struct plan *p, struct arena *arena, const char *const **ret_checks, size_t *ret_count, struct assay_error *err)
{
	size_t count = 0;
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->standards[i].count; k++)
			count += p->standards[i].rows[k].check_count;
	const char **checks = arena_array(arena, count + 1, sizeof *checks);
	if (checks == NULL)
		return arena_full(err);
	*ret_checks = checks;
	*ret_count = count;
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->standards[i].count; k++)
			for (size_t n = 0; n < p->standards[i].rows[k].check_count; n++)
				*checks++ = p->standards[i].rows[k].checks[n].whole;
	return ASSAY_OK;
}

bool
plan_row_needs(const struct plan_row *row, const char *engine)
{
	for (size_t i = 0; i < row->check_count; i++) {
		if (strcmp(row->checks[i].engine, engine) == 0)
			return true;
	}
	return false;
}

bool
plan_lets_run(const struct plan_analysis *a, const char *engine)
{
	for (size_t i = 0; i < a->engines.count; i++) {
		if (strcmp(a->engines.items[i], engine) == 0)
			return true;
	}
	return a->engines.count == 0;
}

const struct plan_standard *
plan_standard(const struct plan *p, const char *id)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->standards[i].id, id) == 0)
			return &p->standards[i];
	}
	return NULL;
}

const struct plan_row *
plan_row(const struct plan_standard *s, const char *rule)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->rows[i].rule, rule) == 0)
			return &s->rows[i];
	}
	return NULL;
}

static bool
row_names(const struct plan_row *row, const char *engine, const char *check)
{
	for (size_t i = 0; i < row->check_count; i++) {
		if (strcmp(row->checks[i].engine, engine) == 0 && strcmp(row->checks[i].name, check) == 0)
			return true;
	}
	return false;
}

const struct plan_row *
plan_next_row(const struct plan *p, const char *engine, const char *check, size_t *cursor,
    const struct plan_standard **ret_standard)
{
	size_t before = 0;
	for (size_t i = 0; i < p->count; before += p->standards[i].count, i++) {
		const struct plan_standard *s = &p->standards[i];
		for (size_t k = *cursor > before ? *cursor - before : 0; k < s->count; k++) {
			if (!row_names(&s->rows[k], engine, check))
				continue;
			*cursor = before + k + 1;
			*ret_standard = s;
			return &s->rows[k];
		}
	}
	*cursor = before;
	return NULL;
}
