/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/catalog.h>

#include <base/cleanup.h>
#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

extern const struct embedded_file catalog_files[];

/* The columns of the threat model, in its order. */
static const char *const attackers[CATALOG_ATTACKERS] = { "outsider's pull request", "one developer",
	"one reviewer", "forge administrator", "build host", "release engineer",
	"the maker as a whole", "delivery path", "operator's administrator" };
static const char *const how_far[] = { "found", "in part", "nothing", "no way" };

/* In the order of their enums. */
static const char *const weights[] = { "minor", "moderate", "major" };
static const char *const sources[] = { "asserted", "attested", "recomputed" };
static const char *const depths[] = { "configured", "observed", "demonstrated" };

const char *const catalog_assets[] = { "repository", "pipeline", "dependency", "build host",
	"workstation", "artifact", "key", "document", NULL };
const char *const catalog_threats[] = { "access", "corruption", "deletion", NULL };
const char *const catalog_stages[] = { "design", "implementation", "test", "release", "update",
	NULL };

const char *
weight_name(enum weight w)
{
	return (size_t)w < COUNT(weights) ? weights[w] : "unknown";
}

const char *
grade_source_name(enum grade_source s)
{
	return (size_t)s < COUNT(sources) ? sources[s] : "unknown";
}

const char *
grade_depth_name(enum grade_depth d)
{
	return (size_t)d < COUNT(depths) ? depths[d] : "unknown";
}

static enum assay_status
decode_crosswalk(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "iec-62304", false, offsetof(struct crosswalk, iec62304), yaml_str_list },
		{ "iec-62443-4-1", false, offsetof(struct crosswalk, iec62443_4_1), yaml_str_list },
		{ "ssdf", false, offsetof(struct crosswalk, ssdf), yaml_str_list },
		{ "slsa", false, offsetof(struct crosswalk, slsa), yaml_str_list },
		{ "fda", false, offsetof(struct crosswalk, fda), yaml_str_list },
		{ "mdr", false, offsetof(struct crosswalk, mdr), yaml_str_list },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}

static const struct yaml_field clause_fields[] = {
	{ "id", true, offsetof(struct clause, id), yaml_str },
	{ "title", true, offsetof(struct clause, title), yaml_str },
	{ "asks", true, offsetof(struct clause, asks), yaml_str },
	{ "why", true, offsetof(struct clause, why), yaml_str },
	{ "audit-gap", true, offsetof(struct clause, audit_gap), yaml_str },
	{ "show-me", true, offsetof(struct clause, show_me), yaml_str_list },
	{ "crosswalk", true, offsetof(struct clause, crosswalk), decode_crosswalk },
};

static enum assay_status
decode_weight(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	enum weight *out = where;
	size_t index;
	TRY(yaml_word(c, node, weights, COUNT(weights), &index, err));
	*out = (enum weight)index;
	return ASSAY_OK;
}

static enum assay_status
decode_source(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	enum grade_source *out = where;
	size_t index;
	TRY(yaml_word(c, node, sources, COUNT(sources), &index, err));
	*out = (enum grade_source)index;
	return ASSAY_OK;
}

static enum assay_status
decode_depth(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	enum grade_depth *out = where;
	size_t index;
	TRY(yaml_word(c, node, depths, COUNT(depths), &index, err));
	*out = (enum grade_depth)index;
	return ASSAY_OK;
}

static enum assay_status
decode_grade(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "source", true, offsetof(struct grade, source), decode_source },
		{ "depth", true, offsetof(struct grade, depth), decode_depth },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}

static enum assay_status
decode_not_applicable(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const char *const words[] = { "refused", "allowed" };
	bool *out = where;
	size_t index;
	TRY(yaml_word(c, node, words, COUNT(words), &index, err));
	*out = index == 1;
	return ASSAY_OK;
}

static enum assay_status
decode_tags(const struct yaml_context *c, const struct yaml_node *node, const char *const *words,
    size_t count, struct yaml_strings *ret_tags, struct assay_error *err)
{
	size_t index;
	TRY(yaml_str_list(c, node, ret_tags, err));
	if (node->count == 0)
		return yaml_fail(c, node, err, "%s is empty", node->key);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(yaml_word(c, n, words, count, &index, err));
	return ASSAY_OK;
}

static enum assay_status
decode_assets(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_tags(c, node, catalog_assets, COUNT(catalog_assets) - 1, where, err);
}

static enum assay_status
decode_threats(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_tags(c, node, catalog_threats, COUNT(catalog_threats) - 1, where, err);
}

static enum assay_status
decode_stages(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return decode_tags(c, node, catalog_stages, COUNT(catalog_stages) - 1, where, err);
}

static enum assay_status
decode_how_far(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	size_t index;
	TRY(yaml_word(c, node, how_far, COUNT(how_far), &index, err));
	return yaml_str(c, node, where, err);
}

/* All attackers, in the order of the threat model: none is left out in silence. */
static enum assay_status
decode_defences(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "who", true, offsetof(struct defence, who), yaml_str },
		{ "how-far", true, offsetof(struct defence, how_far), decode_how_far },
		{ "how", true, offsetof(struct defence, how), yaml_str },
	};
	struct defence *out = where;
	size_t at = 0;
	if (node->kind != YAML_SEQUENCE || node->count != CATALOG_ATTACKERS)
		return yaml_fail(c, node, err, "stops must be a list of %d attackers", CATALOG_ATTACKERS);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next, at++) {
		TRY(yaml_decode(c, n, fields, COUNT(fields), &out[at], err));
		if (strcmp(out[at].who, attackers[at]) != 0)
			return yaml_fail(c, n, err, "here stands '%s'; attacker %zu is '%s'", out[at].who,
			    at + 1, attackers[at]);
	}
	return ASSAY_OK;
}

static const struct yaml_field control_fields[] = {
	{ "id", true, offsetof(struct control, id), yaml_str },
	{ "title", true, offsetof(struct control, title), yaml_str },
	{ "asks", true, offsetof(struct control, asks), yaml_str },
	{ "why", true, offsetof(struct control, why), yaml_str },
	{ "evidence", true, offsetof(struct control, evidence), yaml_str },
	{ "judged", true, offsetof(struct control, judged), yaml_str },
	{ "mend", true, offsetof(struct control, mend), yaml_str },
	{ "audit-gap", true, offsetof(struct control, audit_gap), yaml_str },
	{ "weight", true, offsetof(struct control, weight), decode_weight },
	{ "least-grade", true, offsetof(struct control, least), decode_grade },
	{ "not-applicable", true, offsetof(struct control, may_be_not_applicable),
	    decode_not_applicable },
	{ "unique", true, offsetof(struct control, unique), yaml_bool },
	{ "assets", true, offsetof(struct control, assets), decode_assets },
	{ "threats", true, offsetof(struct control, threats), decode_threats },
	{ "stages", true, offsetof(struct control, stages), decode_stages },
	{ "crosswalk", true, offsetof(struct control, crosswalk), decode_crosswalk },
	{ "stops", false, offsetof(struct control, defences), decode_defences },
};

static const struct yaml_field clauses_file[] = {
	{ "assay-catalog", true, 0, yaml_ignore },
	{ "clauses", true, 0, yaml_ignore },
};

static const struct yaml_field controls_file[] = {
	{ "assay-catalog", true, 0, yaml_ignore },
	{ "clause", true, 0, yaml_ignore },
	{ "controls", true, 0, yaml_ignore },
};

const struct clause *
catalog_clause(const struct catalog *c, const char *id)
{
	for (size_t i = 0; i < c->clause_count; i++) {
		if (strcmp(c->clauses[i].id, id) == 0)
			return &c->clauses[i];
	}
	return NULL;
}

const struct control *
catalog_control(const struct catalog *c, const char *id)
{
	for (size_t i = 0; i < c->control_count; i++) {
		if (strcmp(c->controls[i].id, id) == 0)
			return &c->controls[i];
	}
	return NULL;
}

/* The list of a file; its other keys are checked. */
static enum assay_status
open_file(const struct yaml_context *c, const struct embedded_file *file,
    const struct yaml_field *fields, size_t count, struct yaml_node **ret_root,
    struct assay_error *err)
{
	struct assay_span bytes = { file->data, file->len };
	struct yaml_node *root = NULL;
	TRY(yaml_open(bytes, c, "assay-catalog", CATALOG_VERSION, &root, err));
	TRY(yaml_decode(c, root, fields, count, &root, err));
	*ret_root = root;
	return ASSAY_OK;
}

static enum assay_status
get_list(const struct yaml_context *c, const struct yaml_node *root, const char *key,
    const struct yaml_node **ret_list, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(root, key);
	if (list->kind != YAML_SEQUENCE || list->count == 0)
		return yaml_fail(c, list, err, "%s must be a list that isn't empty", key);
	*ret_list = list;
	return ASSAY_OK;
}

static enum assay_status
read_clauses(const struct yaml_context *c, const struct embedded_file *file,
    struct catalog *catalog, struct assay_error *err)
{
	struct yaml_node *root = NULL;
	const struct yaml_node *list = NULL;
	TRY(open_file(c, file, clauses_file, COUNT(clauses_file), &root, err));
	TRY(get_list(c, root, "clauses", &list, err));
	catalog->clauses = arena_array(c->arena, list->count, sizeof *catalog->clauses);
	if (catalog->clauses == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct clause clause = { 0 };
		TRY(yaml_decode(c, n, clause_fields, COUNT(clause_fields), &clause, err));
		if (catalog_clause(catalog, clause.id) != NULL)
			return yaml_fail(c, n, err, "clause '%s' stands twice", clause.id);
		catalog->clauses[catalog->clause_count++] = clause;
	}
	return ASSAY_OK;
}

/* Controls of a later clause never stand before those of an earlier one. */
static enum assay_status
find_clause(const struct yaml_context *c, const struct yaml_node *root,
    const struct catalog *catalog, const struct clause **ret_clause, struct assay_error *err)
{
	const struct yaml_node *node = yaml_get(root, "clause");
	const char *id;
	TRY(yaml_str(c, node, &id, err));
	const struct clause *clause = catalog_clause(catalog, id);
	if (clause == NULL)
		return yaml_fail(c, node, err, "there is no clause '%s'", id);
	if (catalog->control_count > 0
	    && catalog->controls[catalog->control_count - 1].clause >= clause)
		return yaml_fail(c, node, err, "clause '%s' is out of the clauses' order", id);
	*ret_clause = clause;
	return ASSAY_OK;
}

static enum assay_status
read_control(const struct yaml_context *c, const struct yaml_node *n, const struct clause *clause,
    struct catalog *catalog, struct assay_error *err)
{
	struct control control = { .clause = clause, .index = (unsigned)catalog->control_count };
	TRY(yaml_decode(c, n, control_fields, COUNT(control_fields), &control, err));
	control.defence_count = control.defences[0].who == NULL ? 0 : CATALOG_ATTACKERS;
	if (catalog_control(catalog, control.id) != NULL)
		return yaml_fail(c, n, err, "control '%s' stands twice", control.id);
	if (catalog->control_count == CATALOG_CONTROLS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d controls", CATALOG_CONTROLS_MAX);
	catalog->controls[catalog->control_count++] = control;
	return ASSAY_OK;
}

static enum assay_status
read_controls(const struct yaml_context *c, const struct embedded_file *file,
    struct catalog *catalog, struct assay_error *err)
{
	struct yaml_node *root = NULL;
	const struct yaml_node *list = NULL;
	const struct clause *clause = NULL;
	TRY(open_file(c, file, controls_file, COUNT(controls_file), &root, err));
	TRY(find_clause(c, root, catalog, &clause, err));
	TRY(get_list(c, root, "controls", &list, err));
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next)
		TRY(read_control(c, n, clause, catalog, err));
	return ASSAY_OK;
}

enum assay_status
catalog_parse(const struct embedded_file *files, struct arena *arena,
    const struct catalog **ret_catalog, struct assay_error *err)
{
	struct catalog *catalog = arena_alloc(arena, sizeof *catalog);
	struct control *controls = arena_array(arena, CATALOG_CONTROLS_MAX, sizeof *controls);
	if (catalog == NULL || controls == NULL)
		return arena_full(err);
	catalog->controls = controls;
	for (const struct embedded_file *f = files; f->name != NULL; f++) {
		const struct yaml_context c = { f->name, arena };
		TRY(f == files ? read_clauses(&c, f, catalog, err)
			       : read_controls(&c, f, catalog, err));
	}
	*ret_catalog = catalog;
	return ASSAY_OK;
}

enum assay_status
catalog_load(struct arena *arena, const struct catalog **ret_catalog, struct assay_error *err)
{
	return catalog_parse(catalog_files, arena, ret_catalog, err);
}
