/* SPDX-License-Identifier: Apache-2.0 */
#include "sarif.h"

#include <base/cleanup.h>

static const struct sarif_rule *
rule_of_component(const struct sarif_run *run, const char *component, uint32_t index)
{
	uint32_t n = 0;
	for (size_t i = 0; i < run->rule_count; i++) {
		if (strcmp(run->rules[i].component, component) == 0 && n++ == index)
			return &run->rules[i];
	}
	return NULL;
}

/* "CA1000/1" is a rule "CA1000" with a note on where in it (3.52.4). */
static bool
is_rule(const char *id, const char *told)
{
	size_t n = strlen(id);
	return n > 0 && strncmp(id, told, n) == 0 && (told[n] == '\0' || told[n] == '/');
}

static const struct sarif_rule *
find_rule(const struct sarif_run *run, const struct jsontree *from, const char *id)
{
	const struct jsontree *rule = jsontree_get(from, "rule");
	const struct jsontree *component = jsontree_get(rule, "toolComponent");
	const char *name = sarif_text(component, "name");
	bool told = false;
	uint32_t index = sarif_number(from, "ruleIndex", &told);
	if (!told)
		index = sarif_number(rule, "index", &told);
	bool other = jsontree_get(component, "index") != NULL && name[0] == '\0';
	if (told && !other) {
		const struct sarif_rule *by_index = rule_of_component(run, name[0] != '\0' ? name : run->tool, index);
		if (by_index != NULL)
			return by_index;
	}
	for (size_t i = 0; i < run->rule_count; i++) {
		if (is_rule(run->rules[i].id, id))
			return &run->rules[i];
	}
	return NULL;
}

/* 3.27.10: its own; else "none" for what is no failure; else the rule's; else "warning". */
static const char *
find_level(const struct sarif_result *x)
{
	if (x->level[0] != '\0')
		return x->level;
	if (x->kind[0] != '\0' && strcmp(x->kind, "fail") != 0)
		return "none";
	if (x->rule != NULL && x->rule->level[0] != '\0')
		return x->rule->level;
	return "warning";
}

static enum assay_status
read_suppressions(const struct sarif_reading *r, const struct jsontree *from, struct sarif_result *x)
{
	struct sarif_suppression *list = NULL;
	const struct jsontree *s = NULL;
	TRY(sarif_list(r, from, "suppressions", sizeof *list, &list, &x->suppression_count, &s));
	x->suppressions = list;
	for (size_t i = 0; s != NULL; s = s->next)
		list[i++] = (struct sarif_suppression) { sarif_text(s, "kind"), sarif_text(s, "status"),
			sarif_text(s, "justification") };
	return ASSAY_OK;
}

static uint32_t
cwe_of_taxa(const struct jsontree *from)
{
	const struct jsontree *taxa = jsontree_get(from, "taxa");
	for (const struct jsontree *t = taxa != NULL ? taxa->first : NULL; t != NULL; t = t->next) {
		const struct jsontree *component = jsontree_get(t, "toolComponent");
		const char *id = sarif_text(t, "id");
		if (strcasecmp(sarif_text(component, "name"), "cwe") != 0)
			continue;
		uint32_t v = sarif_cwe(id);
		return v != 0 ? v : (uint32_t)strtoul(id, NULL, 10);
	}
	return 0;
}

static uint32_t
find_cwe(const struct jsontree *from, const struct sarif_result *x)
{
	uint32_t v = cwe_of_taxa(from);
	for (size_t i = 0; v == 0 && x->rule != NULL && i < x->rule->tag_count; i++)
		v = sarif_cwe(x->rule->tags[i]);
	return v;
}

/* Of rules that say their message by name only, the name is better than nothing. */
static const char *
find_message(const struct jsontree *from, const struct sarif_result *x)
{
	const char *text = sarif_message(from, "message");
	if (text[0] == '\0')
		text = sarif_text(jsontree_get(from, "message"), "id");
	return text[0] == '\0' && x->rule != NULL ? x->rule->text : text;
}

enum assay_status
sarif_read_result(const struct sarif_reading *r, const struct jsontree *from, struct sarif_result *ret_result)
{
	struct sarif_result x = { .line = from->line };
	if (from->kind != JSONTREE_OBJECT) {
		assay_fail(r->err, ASSAY_E_FORMAT, "a result in it is no object");
		return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, from->line, from->column);
	}
	const char *id = sarif_text(from, "ruleId");
	x.rule_id = id[0] != '\0' ? id : sarif_text(jsontree_get(from, "rule"), "id");
	x.rule = find_rule(r->run, from, x.rule_id);
	if (x.rule_id[0] == '\0' && x.rule != NULL)
		x.rule_id = x.rule->id;
	x.kind = sarif_text(from, "kind");
	x.level = sarif_text(from, "level");
	x.level = find_level(&x);
	x.baseline = sarif_text(from, "baselineState");
	x.message = find_message(from, &x);
	x.cwe = find_cwe(from, &x);
	TRY(sarif_places(r, from, "locations", &x.places, &x.place_count));
	TRY(sarif_places(r, from, "relatedLocations", &x.related, &x.related_count));
	TRY(sarif_flows(r, from, &x.flow, &x.flow_count));
	TRY(read_suppressions(r, from, &x));
	TRY(sarif_pairs(r, from, "partialFingerprints", &x.fingerprints, &x.fingerprint_count));
	TRY(sarif_pairs(r, from, "fingerprints", &x.fingerprints, &x.fingerprint_count));
	*ret_result = x;
	return ASSAY_OK;
}
