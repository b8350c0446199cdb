/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules out of their files: what each row says, and nothing that it doesn't.
 */
#include "check_inside.h"

#include <base/cleanup.h>
#include <base/embedded.h>

extern const struct embedded_file rule_files[];

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ID_MAX 64

/* What is filled while a row is read: the rule comes first, so that a row's offsets are the rule's. */
struct row {
	struct code_rule rule;
	struct code_rules *rules;
};

/* ---- words ---- */

#define WORD_TEXT(word, text) text,
static const char *const own_words[] = { CHECK_WORDS(WORD_TEXT) };

uint32_t
rules_word(struct code_rules *r, const char *text)
{
	for (uint32_t i = 0; i < r->word_count; i++) {
		if (strcmp(r->words[i], text) == 0)
			return i + 1;
	}
	if (r->word_count == r->word_room) {
		const uint32_t room = r->word_room == 0 ? 1024 : r->word_room * 2;
		const char **bigger = arena_array(r->arena, room, sizeof bigger[0]);
		if (bigger == NULL)
			return 0;
		if (r->word_count > 0)
			memcpy(bigger, r->words, r->word_count * sizeof bigger[0]);
		r->words = bigger;
		r->word_room = room;
	}
	char *copy = arena_str(r->arena, text);
	if (copy == NULL)
		return 0;
	r->words[r->word_count++] = copy;
	return r->word_count;
}

void
code_rules_init(struct code_rules *r, struct arena *arena)
{
	*r = (struct code_rules){ .arena = arena };
	for (size_t i = 0; i < COUNT(own_words); i++)
		(void)rules_word(r, own_words[i]);
}

/* ---- fields ---- */

static enum assay_status
decode_id(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	const char *id = *(const char **)where;
	const size_t len = strlen(id);
	if (len > ID_MAX || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != len || id[0] == '-' || id[len - 1] == '-')
		return yaml_fail(c, node, err, "'%s' is no id: small letters, digits and '-', at most %d", id, ID_MAX);
	return ASSAY_OK;
}

#define WORD_FIELD(function, ...)                                                                              \
	static enum assay_status function(const struct yaml_context *c, const struct yaml_node *node, void *where, \
	    struct assay_error *err)                                                                           \
	{                                                                                                      \
		static const char *const words[] = { __VA_ARGS__ };                                            \
		return yaml_word(c, node, words, COUNT(words), where, err);                                    \
	}
WORD_FIELD(decode_severity, "low", "medium", "high")
WORD_FIELD(decode_scope, "code", "file", "macro")
WORD_FIELD(decode_place, "anywhere", "loop", "condition", "handler", "thread")
WORD_FIELD(decode_is, "expression", "string", "number", "name", "char", "call")

static enum assay_status
decode_patterns(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct row *row = where;
	static const struct {
		const char *key;
		size_t offset;
	} lists[] = {
		{ "match", offsetof(struct code_rule, match) }, { "unless", offsetof(struct code_rule, unless) },
		{ "not-before", offsetof(struct code_rule, not_before) }, { "before", offsetof(struct code_rule, before) },
		{ "not-after", offsetof(struct code_rule, not_after) }, { "after", offsetof(struct code_rule, after) },
	};
	struct yaml_strings texts;
	TRY(yaml_str_list(c, node, &texts, err));
	if (texts.count == 0 || texts.count > RULE_PATTERNS_MAX)
		return yaml_fail(c, node, err, "%s has %zu patterns; 1 to %d may stand there", node->key, texts.count, RULE_PATTERNS_MAX);
	unsigned char *items = arena_array(c->arena, texts.count, pattern_size());
	if (items == NULL)
		return arena_full(err);
	const struct yaml_node *n = node->first;
	for (size_t i = 0; i < texts.count; i++, n = n->next) {
		const char *why;
		TRY(pattern_compile(row->rules, texts.items[i], (struct rule_pattern *)(void *)(items + i * pattern_size()), &why));
		if (why != NULL)
			return yaml_fail(c, n, err, "pattern '%s' %s", texts.items[i], why);
	}
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(lists[i].key, node->key) == 0)
			*(struct rule_patterns *)(void *)((char *)&row->rule + lists[i].offset) = (struct rule_patterns){ (void *)items, texts.count };
	}
	return ASSAY_OK;
}

static const struct yaml_field where_fields[] = {
	{ "hole", true, offsetof(struct rule_where, hole), yaml_str },
	{ "is", false, offsetof(struct rule_where, is), decode_is },
	{ "like", false, offsetof(struct rule_where, like), yaml_str },
};

static enum assay_status
decode_where(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct row *row = where;
	if (node->kind != YAML_SEQUENCE || node->count > RULE_PATTERNS_MAX)
		return yaml_fail(c, node, err, "where must be a list");
	row->rule.where = arena_array(c->arena, node->count + 1, sizeof row->rule.where[0]);
	if (row->rule.where == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct rule_where *w = &row->rule.where[row->rule.where_count++];
		w->line = n->line;
		TRY(yaml_decode(c, n, where_fields, COUNT(where_fields), w, err));
		if (w->hole[0] != '$')
			return yaml_fail(c, n, err, "'%s' is no hole: those begin with '$'", w->hole);
	}
	return ASSAY_OK;
}

static enum assay_status
decode_uses(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char *name;
	TRY(yaml_str(c, node, &name, err));
	const struct code_check *check = check_find(name);
	if (check == NULL)
		return yaml_fail(c, node, err, "this version has no check '%s'", name);
	*(const struct code_check **)where = check;
	return ASSAY_OK;
}

static enum assay_status
decode_words(const struct yaml_context *c, const struct yaml_node *node, struct row *row, struct yaml_strings *ret_texts,
    uint32_t **ret_ids, struct assay_error *err)
{
	TRY(yaml_str_list(c, node, ret_texts, err));
	if (ret_texts->count > RULE_NAMES_MAX)
		return yaml_fail(c, node, err, "%zu names; %d may stand there", ret_texts->count, RULE_NAMES_MAX);
	*ret_ids = arena_array(c->arena, ret_texts->count + 1, sizeof **ret_ids);
	if (*ret_ids == NULL)
		return arena_full(err);
	for (size_t i = 0; i < ret_texts->count; i++)
		(*ret_ids)[i] = rules_word(row->rules, ret_texts->items[i]);
	return ASSAY_OK;
}

static enum assay_status
decode_names(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct row *row = where;
	return decode_words(c, node, row, &row->rule.names, &row->rule.name_ids, err);
}

static enum assay_status
decode_with(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct row *row = where;
	return decode_words(c, node, row, &row->rule.with, &row->rule.with_ids, err);
}

#define RULE(field) offsetof(struct code_rule, field)
static const struct yaml_field rule_fields[] = {
	{ "id", true, RULE(id), decode_id },
	{ "serves", false, RULE(serves), yaml_str_list },
	{ "severity", true, RULE(severity), decode_severity },
	{ "message", true, RULE(message), yaml_str },
	{ "next", true, RULE(next), yaml_str },
	{ "scope", false, RULE(scope), decode_scope },
	{ "match", false, 0, decode_patterns },
	{ "unless", false, 0, decode_patterns },
	{ "before", false, 0, decode_patterns },
	{ "not-before", false, 0, decode_patterns },
	{ "after", false, 0, decode_patterns },
	{ "not-after", false, 0, decode_patterns },
	{ "where", false, 0, decode_where },
	{ "inside", false, RULE(inside), decode_place },
	{ "not-inside", false, RULE(not_inside), decode_place },
	{ "uses", false, RULE(uses), decode_uses },
	{ "names", false, 0, decode_names },
	{ "with", false, 0, decode_with },
	{ "bad", true, RULE(bad), yaml_str_list },
	{ "good", true, RULE(good), yaml_str_list },
};

static enum assay_status
check_row(const struct yaml_context *c, const struct yaml_node *node, const struct code_rules *r, const struct code_rule *rule,
    struct assay_error *err)
{
	if ((rule->uses == NULL) == (rule->match.count == 0))
		return yaml_fail(c, node, err, "rule '%s' needs either match or uses", rule->id);
	if (rule->bad.count == 0 || rule->good.count == 0)
		return yaml_fail(c, node, err, "rule '%s' needs bad and good code", rule->id);
	if (code_rule_find(r, rule->id) != NULL)
		return yaml_fail(c, node, err, "there is a rule '%s' already", rule->id);
	return ASSAY_OK;
}

static const struct yaml_field file_fields[] = { { "assay-rules", true, 0, yaml_ignore }, { "rules", true, 0, yaml_ignore } };

enum assay_status
code_rules_add(struct code_rules *r, struct assay_span yaml, const char *name, struct assay_error *err)
{
	const struct yaml_context c = { name, r->arena };
	struct yaml_node *root;
	char nothing;
	if (r->sealed)
		return assay_fail(err, ASSAY_E_USAGE, "rules are added before they judge");
	TRY(yaml_open(yaml, &c, "assay-rules", RULES_VERSION, &root, err));
	TRY(yaml_decode(&c, root, file_fields, COUNT(file_fields), &nothing, err));
	const struct yaml_node *list = yaml_get(root, "rules");
	if (list->kind != YAML_SEQUENCE)
		return yaml_fail(&c, list, err, "rules must be a list");
	if (list->count > RULES_MAX - r->count)
		return yaml_fail(&c, list, err, "more than %d rules", RULES_MAX);
	struct code_rule *items = arena_array(r->arena, r->count + list->count + 1, sizeof items[0]);
	const char *file = arena_str(r->arena, name);
	if (items == NULL || file == NULL)
		return arena_full(err);
	if (r->count > 0)
		memcpy(items, r->items, r->count * sizeof items[0]);
	struct code_rules grown = *r;
	grown.items = items;
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct row row = { .rules = &grown, .rule = { .file = file, .line = n->line } };
		TRY(yaml_decode(&c, n, rule_fields, COUNT(rule_fields), &row, err));
		TRY(check_row(&c, n, &grown, &row.rule, err));
		grown.items[grown.count++] = row.rule;
	}
	*r = grown;
	return ASSAY_OK;
}

enum assay_status
code_rules_add_shipped(struct code_rules *r, struct assay_error *err)
{
	for (const struct embedded_file *f = rule_files; f->name != NULL; f++)
		TRY(code_rules_add(r, (struct assay_span){ f->data, f->len }, f->name, err));
	return ASSAY_OK;
}

const struct code_rule *
code_rule_find(const struct code_rules *r, const char *id)
{
	for (size_t i = 0; i < r->count; i++) {
		if (strcmp(r->items[i].id, id) == 0)
			return &r->items[i];
	}
	return NULL;
}
