/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <policy/id.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* In the order of enum plan_units. */
static const char *const units_words[] = { "files", "database", "cmake", "meson", "bear" };

const char *
plan_units_name(enum plan_units u)
{
	return (size_t)u < COUNT(units_words) ? units_words[u] : "unknown";
}

static enum assay_status
decode_units(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum plan_units *out = where;
	size_t index;
	TRY(yaml_word(c, node, units_words, COUNT(units_words), &index, err));
	*out = (enum plan_units)index;
	return ASSAY_OK;
}

/* In the order of enum sca_effort. */
static const char *const effort_words[] = { "full", "brief" };

static enum assay_status
decode_effort(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum sca_effort *out = where;
	size_t index;
	TRY(yaml_word(c, node, effort_words, COUNT(effort_words), &index, err));
	*out = (enum sca_effort)index;
	return ASSAY_OK;
}

/* A part of a path, up to the next '/' or the end, that leads on and not elsewhere. */
static bool
good_part(const char *part, size_t len)
{
	return len > 0 && !(len == 1 && part[0] == '.') && !(len == 2 && part[0] == '.' && part[1] == '.');
}

/* const char *: inside the repository by its text alone, so that no reader can be led out of it. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **out = where, *text;
	TRY(yaml_str(c, node, &text, err));
	bool good = node->text_len <= PLAN_PATH_LENGTH_MAX;
	for (const char *p = text; good && *p != '\0';) {
		const size_t len = strcspn(p, "/");
		good = good_part(p, len) && strcspn(p, "\\\n\r") >= len;
		p += len + (p[len] == '/');
	}
	if (!good) {
		yaml_fail(c, node, err, "'%.80s' is no path inside the repository", text);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write it from the repository's top, as in 'src/net/'");
	}
	*out = text;
	return ASSAY_OK;
}

static enum assay_status
decode_paths(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct yaml_strings paths = { 0 }, *out = where;
	if (node->kind != YAML_SEQUENCE || node->count > PLAN_PATHS_MAX)
		return yaml_fail(c, node, err, "%s must be a list of at most %d paths", node->key, PLAN_PATHS_MAX);
	paths.items = arena_array(c->arena, node->count + 1, sizeof *paths.items);
	if (paths.items == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(decode_path(c, n, &paths.items[paths.count++], err));
	*out = paths;
	return ASSAY_OK;
}

static enum assay_status
decode_engines(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const struct yaml_strings *engines = where;
	size_t known = 0, index;
	while (plan_engines[known] != NULL)
		known++;
	TRY(yaml_str_list(c, node, where, err));
	if (node->count == 0)
		return yaml_fail(c, node, err, "engines is empty: leave it out to run all that the rules name");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		TRY(yaml_word(c, n, plan_engines, known, &index, err));
		for (size_t i = 0; engines->items[i] != n->text; i++) {
			if (strcmp(engines->items[i], n->text) == 0)
				return yaml_fail(c, n, err, "the engine '%s' stands twice", n->text);
		}
	}
	return ASSAY_OK;
}

static const struct yaml_field exclude_fields[] = {
	{ "path", true, offsetof(struct plan_exclude, what), decode_path },
	{ "reason", true, offsetof(struct plan_exclude, reason), yaml_str },
};

/* const char *: a macro's name. */
static enum assay_status
decode_macro(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **out = where, *text;
	TRY(yaml_str(c, node, &text, err));
	bool good = text[0] != '\0' && (text[0] < '0' || text[0] > '9');
	for (const char *p = text; good && *p != '\0'; p++)
		good = *p == '_' || *p == '$' || (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z');
	if (!good) {
		yaml_fail(c, node, err, "'%.80s' is no macro's name", text);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write a name alone, as in '_WIN32', and an entry for each");
	}
	*out = text;
	return ASSAY_OK;
}

static const struct yaml_field not_built_fields[] = {
	{ "macro", true, offsetof(struct plan_exclude, what), decode_macro },
	{ "reason", true, offsetof(struct plan_exclude, reason), yaml_str },
};

static const struct yaml_field analysis_fields[] = {
	{ "units", false, offsetof(struct plan_analysis, units), decode_units },
	{ "database", false, offsetof(struct plan_analysis, database), decode_path },
	{ "engines", false, offsetof(struct plan_analysis, engines), decode_engines },
	{ "effort", false, offsetof(struct plan_analysis, effort), decode_effort },
	{ "exclude", false, 0, yaml_ignore },
	{ "not-built", false, 0, yaml_ignore },
	{ "threshold", false, offsetof(struct plan_analysis, threshold), standard_decode_severity },
	{ "security-relevant", false, offsetof(struct plan_analysis, security_relevant), decode_paths },
};

/* What key lists, each of two fields. */
static enum assay_status
read_left_out(const struct yaml_context *c, const struct yaml_node *node, const char *key, size_t most, const struct yaml_field fields[2],
    const struct plan_exclude **ret_list, size_t *ret_count, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(node, key);
	void *items;
	size_t room;
	TRY(policy_list(c, node, key, most, sizeof **ret_list, &items, &room, err));
	struct plan_exclude *entries = items;
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next) {
		struct plan_exclude *e = &entries[(*ret_count)++];
		e->line = n->line;
		e->column = n->column;
		TRY(yaml_decode(c, n, fields, 2, e, err));
	}
	*ret_list = entries;
	return ASSAY_OK;
}

enum assay_status
analysis_decode(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct plan_analysis *a = where;
	a->line = node->key_line;
	a->column = node->key_column;
	TRY(yaml_decode(c, node, analysis_fields, COUNT(analysis_fields), a, err));
	if (a->units == PLAN_UNITS_DATABASE && a->database == NULL) {
		yaml_fail(c, yaml_get(node, "units"), err, "units come from a database, and none is named");
		return assay_error_todo(err, ASSAY_E_FORMAT, "add 'database: build/compile_commands.json' here");
	}
	TRY(read_left_out(c, node, "exclude", PLAN_EXCLUDES_MAX, exclude_fields, &a->excludes, &a->exclude_count, err));
	return read_left_out(c, node, "not-built", PLAN_NOT_BUILT_MAX, not_built_fields, &a->not_built, &a->not_built_count, err);
}

/* ---- paths ---- */

static bool
has_wildcard(const char *pattern)
{
	return strpbrk(pattern, "*?") != NULL;
}

bool
plan_path_under(const char *pattern, const char *path)
{
	const size_t len = strlen(pattern);
	const bool folder = len > 0 && pattern[len - 1] == '/';
	if (!has_wildcard(pattern))
		return folder ? strncmp(pattern, path, len) == 0 && path[len] != '\0' : strcmp(pattern, path) == 0;
	if (!folder)
		return text_match(assay_span_str(pattern), assay_span_str(path));
	char below[PLAN_PATH_LENGTH_MAX + 3];
	if (len > PLAN_PATH_LENGTH_MAX)
		return false;
	text_put(below, sizeof below, "%s**", pattern);
	return text_match(assay_span_str(below), assay_span_str(path));
}

uint64_t
plan_excludes_cost(const struct plan_analysis *a)
{
	uint64_t cost = 1;
	for (size_t i = 0; i < a->exclude_count; i++)
		cost += has_wildcard(a->excludes[i].what) ? strlen(a->excludes[i].what) : 1;
	return cost;
}

const struct plan_exclude *
plan_excludes(const struct plan_analysis *a, const char *path)
{
	for (size_t i = 0; i < a->exclude_count; i++) {
		if (plan_path_under(a->excludes[i].what, path))
			return &a->excludes[i];
	}
	return NULL;
}

bool
plan_not_built(const struct plan_analysis *a, const char *macro)
{
	for (size_t i = 0; i < a->not_built_count; i++)
		if (strcmp(a->not_built[i].what, macro) == 0)
			return true;
	return false;
}
