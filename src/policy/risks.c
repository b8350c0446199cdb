/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/risks.h>

#include <policy/id.h>

#include <base/cleanup.h>
#include <policy/catalog.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static size_t
word_count(const char *const *words)
{
	size_t n = 0;
	while (words[n] != NULL)
		n++;
	return n;
}

/* ---- squares ---- */

/* One word, or a list of words, as bits. */
static enum assay_status
decode_words(const struct yaml_context *c, const struct yaml_node *node, const char *const *words,
    unsigned *ret_bits, struct assay_error *err)
{
	const bool list = node->kind == YAML_SEQUENCE;
	unsigned bits = 0;
	if (list && node->count == 0)
		return yaml_fail(c, node, err, "%s is empty", node->key);
	for (const struct yaml_node *n = list ? node->first : node; n != NULL; n = list ? n->next : NULL) {
		size_t index;
		TRY(yaml_word(c, n, words, word_count(words), &index, err));
		bits |= 1u << index;
	}
	*ret_bits = bits;
	return ASSAY_OK;
}

static enum assay_status
decode_assets(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_words(c, node, catalog_assets, where, err);
}

static enum assay_status
decode_threats(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_words(c, node, catalog_threats, where, err);
}

static enum assay_status
decode_stages(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_words(c, node, catalog_stages, where, err);
}

size_t
risks_square_count(void)
{
	return word_count(catalog_assets) * word_count(catalog_threats) * word_count(catalog_stages);
}

struct square {
	size_t asset, threat, stage;
};

static struct square
square_of(size_t i)
{
	const size_t stages = word_count(catalog_stages), threats = word_count(catalog_threats);
	if (stages == 0 || threats == 0)
		return (struct square){ 0 };
	return (struct square){ i / (stages * threats), i / stages % threats, i % stages };
}

bool
risks_has(const struct risk_squares *where, size_t square)
{
	const struct square q = square_of(square);
	return (where->assets >> q.asset & where->threats >> q.threat & where->stages >> q.stage & 1) != 0;
}

void
risks_square_names(size_t square, const char **ret_asset, const char **ret_threat, const char **ret_stage)
{
	const struct square q = square_of(square);
	*ret_asset = catalog_assets[q.asset];
	*ret_threat = catalog_threats[q.threat];
	*ret_stage = catalog_stages[q.stage];
}

/* ---- criteria ---- */

static enum assay_status
decode_scale(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct yaml_strings *out = where;
	TRY(yaml_str_list(c, node, out, err));
	if (out->count < 2 || out->count > RISKS_SCALE_MAX)
		return yaml_fail(c, node, err, "%s must have two to %d words, the least first", node->key,
		    RISKS_SCALE_MAX);
	for (size_t i = 0; i < out->count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(out->items[i], out->items[k]) == 0)
				return yaml_fail(c, node, err, "'%s' stands twice in %s", out->items[i], node->key);
		}
	}
	return ASSAY_OK;
}

static const struct yaml_field criteria_fields[] = {
	{ "levels", true, offsetof(struct risk_criteria, levels), decode_scale },
	{ "severity", true, offsetof(struct risk_criteria, severities), decode_scale },
	{ "likelihood", true, offsetof(struct risk_criteria, likelihoods), decode_scale },
	{ "matrix", true, 0, yaml_ignore },
	{ "acceptable", true, 0, yaml_ignore },
};

static enum assay_status
word_of(const struct yaml_context *c, const struct yaml_node *node, const struct yaml_strings *scale,
    size_t *ret_index, struct assay_error *err)
{
	return yaml_word(c, node, scale->items, scale->count, ret_index, err);
}

static enum assay_status
read_matrix(const struct yaml_context *c, const struct yaml_node *matrix, struct risk_criteria *k,
    struct assay_error *err)
{
	if (matrix->kind != YAML_MAPPING || matrix->count != k->severities.count)
		return yaml_fail(c, matrix, err, "matrix must have a row for each severity");
	for (const struct yaml_node *row = matrix->first; row != NULL; row = row->next) {
		size_t severity = 0, i = 0;
		while (severity < k->severities.count && strcmp(k->severities.items[severity], row->key) != 0)
			severity++;
		if (severity == k->severities.count)
			return yaml_fail(c, row, err, "'%s' is no severity", row->key);
		if (row->kind != YAML_SEQUENCE || row->count != k->likelihoods.count)
			return yaml_fail(c, row, err, "the row '%s' must have a level for each likelihood", row->key);
		for (const struct yaml_node *n = row->first; n != NULL; n = n->next)
			TRY(word_of(c, n, &k->levels, &k->matrix[severity][i++], err));
	}
	return ASSAY_OK;
}

static enum assay_status
decode_criteria(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct risk_criteria *k = where;
	TRY(yaml_decode(c, node, criteria_fields, COUNT(criteria_fields), k, err));
	k->line = node->line;
	TRY(read_matrix(c, yaml_get(node, "matrix"), k, err));
	return word_of(c, yaml_get(node, "acceptable"), &k->levels, &k->acceptable, err);
}

/* ---- entries ---- */

static enum assay_status
decode_act(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "by", true, offsetof(struct risk_act, by), policy_id },
		{ "date", true, offsetof(struct risk_act, on), yaml_time },
	};
	struct risk_act *a = where;
	a->given = true;
	return yaml_decode(c, node, fields, COUNT(fields), a, err);
}

static const struct yaml_field risk_fields[] = {
	{ "id", true, offsetof(struct risk, id), policy_id },
	{ "title", true, offsetof(struct risk, title), yaml_str },
	{ "asset", true, offsetof(struct risk, where.assets), decode_assets },
	{ "threat", true, offsetof(struct risk, where.threats), decode_threats },
	{ "stage", true, offsetof(struct risk, where.stages), decode_stages },
	{ "assessed", true, offsetof(struct risk, assessed), decode_act },
	{ "before", true, 0, yaml_ignore },
	{ "controls", false, offsetof(struct risk, controls), policy_ids },
	{ "after", true, 0, yaml_ignore },
	{ "residual", false, offsetof(struct risk, residual), yaml_str },
	{ "accepted", false, offsetof(struct risk, accepted), decode_act },
};

static const struct yaml_field out_fields[] = {
	{ "asset", true, offsetof(struct risk_out, where.assets), decode_assets },
	{ "threat", false, offsetof(struct risk_out, where.threats), decode_threats },
	{ "stage", false, offsetof(struct risk_out, where.stages), decode_stages },
	{ "reason", true, offsetof(struct risk_out, reason), yaml_str },
};

static const struct yaml_field own_fields[] = {
	{ "id", true, offsetof(struct risk_own, id), policy_id },
	{ "title", true, offsetof(struct risk_own, title), yaml_str },
};

static const struct yaml_field risks_fields[] = {
	{ "assay-risks", true, 0, yaml_ignore },
	{ "criteria", true, offsetof(struct risks, criteria), decode_criteria },
	{ "accepting-role", true, offsetof(struct risks, accepting_role), yaml_str },
	{ "out-of-scope", false, 0, yaml_ignore },
	{ "own-controls", false, 0, yaml_ignore },
	{ "risks", true, 0, yaml_ignore },
};

static enum assay_status
read_rating(const struct yaml_context *c, const struct yaml_node *node, const struct risk_criteria *k,
    struct risk_rating *ret_rating, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "severity", true, 0, yaml_ignore },
		{ "likelihood", true, 0, yaml_ignore },
	};
	struct risk_rating r = { .given = true };
	TRY(yaml_decode(c, node, fields, COUNT(fields), &r, err));
	TRY(word_of(c, yaml_get(node, "severity"), &k->severities, &r.severity, err));
	TRY(word_of(c, yaml_get(node, "likelihood"), &k->likelihoods, &r.likelihood, err));
	*ret_rating = r;
	return ASSAY_OK;
}

static enum assay_status
read_risks(const struct yaml_context *c, const struct yaml_node *root, struct risks *r, struct assay_error *err)
{
	void *items;
	size_t room;
	TRY(policy_list(c, root, "risks", RISKS_MAX, sizeof *r->risks, &items, &room, err));
	r->risks = items;
	for (const struct yaml_node *n = yaml_get(root, "risks")->first; n != NULL; n = n->next) {
		struct risk *risk = &r->risks[r->count];
		risk->line = n->line;
		TRY(yaml_decode(c, n, risk_fields, COUNT(risk_fields), risk, err));
		TRY(read_rating(c, yaml_get(n, "before"), &r->criteria, &risk->before, err));
		TRY(read_rating(c, yaml_get(n, "after"), &r->criteria, &risk->after, err));
		for (size_t i = 0; i < r->count; i++) {
			if (strcmp(r->risks[i].id, risk->id) == 0)
				return yaml_fail(c, n, err, "the risk '%s' stands twice, first in line %u", risk->id,
				    r->risks[i].line);
		}
		r->count++;
	}
	return ASSAY_OK;
}

/* Threats and stages that aren't named are all of them. */
static enum assay_status
read_out(const struct yaml_context *c, const struct yaml_node *root, struct risks *r, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(root, "out-of-scope");
	void *items;
	size_t room;
	TRY(policy_list(c, root, "out-of-scope", RISKS_OUT_MAX, sizeof *r->out, &items, &room, err));
	r->out = items;
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
		struct risk_out *out = &r->out[r->out_count++];
		*out = (struct risk_out){ .where = { 0, ~0u, ~0u }, .line = n->line };
		TRY(yaml_decode(c, n, out_fields, COUNT(out_fields), out, err));
	}
	return ASSAY_OK;
}

static enum assay_status
read_own(const struct yaml_context *c, const struct yaml_node *root, struct risks *r, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(root, "own-controls");
	void *items;
	size_t room;
	TRY(policy_list(c, root, "own-controls", RISKS_OWN_MAX, sizeof *r->own, &items, &room, err));
	r->own = items;
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
		struct risk_own *own = &r->own[r->own_count];
		own->line = n->line;
		TRY(yaml_decode(c, n, own_fields, COUNT(own_fields), own, err));
		for (size_t i = 0; i < r->own_count; i++) {
			if (strcmp(r->own[i].id, own->id) == 0)
				return yaml_fail(c, n, err, "the control '%s' stands twice, first in line %u", own->id,
				    r->own[i].line);
		}
		r->own_count++;
	}
	return ASSAY_OK;
}

enum assay_status
risks_parse(struct assay_span yaml, const char *name, struct arena *arena, struct risks *ret_risks,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct risks r = { .count = 0 };
	TRY(yaml_open(yaml, &c, "assay-risks", RISKS_VERSION, &root, err));
	TRY(yaml_decode(&c, root, risks_fields, COUNT(risks_fields), &r, err));
	TRY(read_out(&c, root, &r, err));
	TRY(read_own(&c, root, &r, err));
	TRY(read_risks(&c, root, &r, err));
	*ret_risks = r;
	return ASSAY_OK;
}

size_t
risks_level(const struct risks *r, const struct risk_rating *rating)
{
	return r->criteria.matrix[rating->severity][rating->likelihood];
}
