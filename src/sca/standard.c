/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/standard.h>

#include <base/cleanup.h>
#include <policy/id.h>
#include <sca/language.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define CWE_MAX 9999
/* Priorities from here on are of level 1, and of level 2. */
#define LEVEL_ONE 12
#define LEVEL_TWO 6

extern const struct embedded_file standard_files[];

/* In the order of their enums; the first stands for what isn't given, and no file writes it. */
static const char *const severities[] = { "not given", "low", "medium", "high" };
static const char *const likelihoods[] = { "not given", "unlikely", "probable", "likely" };
static const char *const remediations[] = { "not given", "high", "medium", "low" };
static const char *const answers[] = { "not given", "no", "yes" };
static const char *const categories[] = { "not given", "advisory", "required", "mandatory" };
static const char *const decidabilities[] = { "not given", "undecidable", "decidable" };

#define WORD(table, index) ((size_t)(index) < COUNT(table) ? (table)[index] : "unknown")

const char *
standard_severity_name(enum standard_severity s)
{
	return WORD(severities, s);
}

const char *
standard_likelihood_name(enum standard_likelihood l)
{
	return WORD(likelihoods, l);
}

const char *
standard_remediation_name(enum standard_remediation r)
{
	return WORD(remediations, r);
}

const char *
standard_answer_name(enum standard_answer a)
{
	return WORD(answers, a);
}

const char *
standard_category_name(enum standard_category c)
{
	return WORD(categories, c);
}

const char *
standard_decidability_name(enum standard_decidability d)
{
	return WORD(decidabilities, d);
}

/* ---- words ---- */

/* The index into words, which begin with what isn't given. */
static enum assay_status
given(const struct yaml_context *c, const struct yaml_node *node, const char *const *words, size_t count,
    size_t *ret_index, struct assay_error *err)
{
	TRY(yaml_word(c, node, words + 1, count - 1, ret_index, err));
	++*ret_index;
	return ASSAY_OK;
}

enum assay_status
standard_decode_severity(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum standard_severity *out = where;
	size_t index;
	TRY(given(c, node, severities, COUNT(severities), &index, err));
	*out = (enum standard_severity)index;
	return ASSAY_OK;
}

enum assay_status
standard_decode_category(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum standard_category *out = where;
	size_t index;
	TRY(given(c, node, categories, COUNT(categories), &index, err));
	*out = (enum standard_category)index;
	return ASSAY_OK;
}

static enum assay_status
decode_likelihood(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum standard_likelihood *out = where;
	size_t index;
	TRY(given(c, node, likelihoods, COUNT(likelihoods), &index, err));
	*out = (enum standard_likelihood)index;
	return ASSAY_OK;
}

static enum assay_status
decode_answer(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum standard_answer *out = where;
	size_t index;
	TRY(given(c, node, answers, COUNT(answers), &index, err));
	*out = (enum standard_answer)index;
	return ASSAY_OK;
}

static enum assay_status
decode_decidability(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum standard_decidability *out = where;
	size_t index;
	TRY(given(c, node, decidabilities, COUNT(decidabilities), &index, err));
	*out = (enum standard_decidability)index;
	return ASSAY_OK;
}

/* where is the rule. */
static enum assay_status
decode_cwes(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct standard_rule *rule = where;
	if (node->kind != YAML_SEQUENCE || node->count > STANDARD_CWES_MAX)
		return yaml_fail(c, node, err, "cwe must be a list of at most %d numbers", STANDARD_CWES_MAX);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		uint32_t *cwe = &rule->cwes[rule->cwe_count];
		TRY(yaml_u32(c, n, cwe, err));
		if (*cwe == 0 || *cwe > CWE_MAX || (rule->cwe_count > 0 && cwe[-1] >= *cwe))
			return yaml_fail(c, n, err, "cwe must be numbers from 1 to %d, ascending", CWE_MAX);
		rule->cwe_count++;
	}
	return ASSAY_OK;
}

/* Names of facts. */
static enum assay_status
decode_unconfirmed(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const char *const words[] = { "severity", "likelihood", "detectable", "repairable", "category", "decidability", "cwe" };
	size_t index;
	TRY(yaml_str_list(c, node, where, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(yaml_word(c, n, words, COUNT(words), &index, err));
	return ASSAY_OK;
}

/* ---- the file ---- */

static const struct yaml_field rule_fields[] = {
	{ "title", false, offsetof(struct standard_rule, title), yaml_str },
	{ "severity", false, offsetof(struct standard_rule, severity), standard_decode_severity },
	{ "likelihood", false, offsetof(struct standard_rule, likelihood), decode_likelihood },
	{ "detectable", false, offsetof(struct standard_rule, detectable), decode_answer },
	{ "repairable", false, offsetof(struct standard_rule, repairable), decode_answer },
	{ "category", false, offsetof(struct standard_rule, category), standard_decode_category },
	{ "decidability", false, offsetof(struct standard_rule, decidability), decode_decidability },
	{ "cwe", false, 0, decode_cwes },
	{ "unconfirmed", false, offsetof(struct standard_rule, unconfirmed), decode_unconfirmed },
};

static enum assay_status
decode_languages(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str_list(c, node, where, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (sca_language_find(n->text) == NULL)
			return yaml_fail(c, n, err, "'%s' is no language that is known here", n->text);
	}
	return ASSAY_OK;
}

static const struct yaml_field standard_fields[] = {
	{ "assay-coding-standard", true, 0, yaml_ignore },
	{ "id", true, offsetof(struct standard, id), policy_id },
	{ "title", true, offsetof(struct standard, title), yaml_str },
	{ "edition", true, offsetof(struct standard, edition), yaml_str },
	{ "languages", true, offsetof(struct standard, languages), decode_languages },
	{ "rules", true, 0, yaml_ignore },
};

/* "ARR" of "ARR30-C": two capitals at least, before a digit. */
static enum assay_status
find_group(struct arena *arena, const char *id, const char **ret_group, struct assay_error *err)
{
	const size_t capitals = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	*ret_group = NULL;
	if (capitals < 2 || id[capitals] < '0' || id[capitals] > '9')
		return ASSAY_OK;
	*ret_group = arena_copy(arena, (struct assay_span){ (const unsigned char *)id, capitals });
	return *ret_group != NULL ? ASSAY_OK : arena_full(err);
}

static enum assay_status
read_rule(const struct yaml_context *c, const struct yaml_node *n, struct standard_rule *ret_rule, struct assay_error *err)
{
	struct standard_rule rule = { .id = n->key, .line = n->key_line };
	TRY(yaml_decode(c, n, rule_fields, COUNT(rule_fields), &rule, err));
	TRY(find_group(c->arena, rule.id, &rule.group, err));
	if ((rule.detectable == ANSWER_NOT_GIVEN) != (rule.repairable == ANSWER_NOT_GIVEN))
		return yaml_fail(c, n, err, "'%s' has one of detectable and repairable without the other", rule.id);
	if (rule.detectable != ANSWER_NOT_GIVEN)
		rule.remediation = REMEDIATION_HIGH + (rule.detectable == ANSWER_YES) + (rule.repairable == ANSWER_YES);
	rule.priority = (unsigned)rule.severity * (unsigned)rule.likelihood * (unsigned)rule.remediation;
	if (rule.priority > 0)
		rule.level = rule.priority >= LEVEL_ONE ? 1 : rule.priority >= LEVEL_TWO ? 2 : 3;
	*ret_rule = rule;
	return ASSAY_OK;
}

enum assay_status
standard_parse(struct assay_span yaml, const char *name, struct arena *arena, struct standard *ret_standard,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct standard s = { .count = 0 };
	TRY(yaml_open(yaml, &c, "assay-coding-standard", STANDARD_VERSION, &root, err));
	TRY(yaml_decode(&c, root, standard_fields, COUNT(standard_fields), &s, err));
	const struct yaml_node *list = yaml_get(root, "rules");
	if (list->kind != YAML_MAPPING || list->count == 0 || list->count > STANDARD_RULES_MAX)
		return yaml_fail(&c, list, err, "rules must name one to %d", STANDARD_RULES_MAX);
	struct standard_rule *rules = arena_array(arena, list->count, sizeof *rules);
	if (rules == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next)
		TRY(read_rule(&c, n, &rules[s.count++], err));
	s.rules = rules;
	*ret_standard = s;
	return ASSAY_OK;
}

enum assay_status
standards_load(struct arena *arena, const struct standards **ret_standards, struct assay_error *err)
{
	struct standards *all = arena_alloc(arena, sizeof *all);
	struct standard *items = arena_array(arena, STANDARDS_MAX, sizeof *items);
	if (all == NULL || items == NULL)
		return arena_full(err);
	for (const struct embedded_file *f = standard_files; f->name != NULL; f++) {
		if (all->count == STANDARDS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "more than %d standards", STANDARDS_MAX);
		TRY(standard_parse((struct assay_span){ f->data, f->len }, f->name, arena, &items[all->count++], err));
	}
	all->items = items;
	*ret_standards = all;
	return ASSAY_OK;
}

const struct standard *
standards_find(const struct standards *s, const char *id)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->items[i].id, id) == 0)
			return &s->items[i];
	}
	return NULL;
}

const struct standard_rule *
standard_rule(const struct standard *s, const char *id)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->rules[i].id, id) == 0)
			return &s->rules[i];
	}
	return NULL;
}

/* ---- what may be changed ---- */

bool
standard_may_recategorise(const struct standard_rule *rule, enum standard_category to)
{
	return to >= rule->category;
}

bool
standard_may_deviate(const struct standard_rule *rule)
{
	return rule->category != CATEGORY_MANDATORY;
}
