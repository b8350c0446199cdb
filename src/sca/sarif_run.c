/* SPDX-License-Identifier: Apache-2.0 */
#include "sarif.h"

#include <base/cleanup.h>
#include <base/text.h>

/* ---- the tool and its rules ---- */

static enum assay_status
read_rule(const struct sarif_reading *r, const struct jsontree *from, const char *component, struct sarif_rule *to)
{
	const struct jsontree *defaults = jsontree_get(from, "defaultConfiguration");
	const struct jsontree *enabled = jsontree_get(defaults, "enabled");
	*to = (struct sarif_rule) { .id = sarif_text(from, "id"), .name = sarif_text(from, "name"), .component = component,
		.level = sarif_text(defaults, "level"), .enabled = enabled == NULL || jsontree_true(defaults, "enabled") };
	to->text = sarif_message(from, "shortDescription");
	if (to->text[0] == '\0')
		to->text = sarif_message(from, "fullDescription");
	return sarif_strings(r, jsontree_get(from, "properties"), "tags", &to->tags, &to->tag_count);
}

static size_t
count_rules(const struct jsontree *tool)
{
	const struct jsontree *rules = jsontree_get(jsontree_get(tool, "driver"), "rules");
	const struct jsontree *others = jsontree_get(tool, "extensions");
	size_t n = rules != NULL ? rules->count : 0;
	for (const struct jsontree *e = others != NULL ? others->first : NULL; e != NULL; e = e->next) {
		rules = jsontree_get(e, "rules");
		n += rules != NULL ? rules->count : 0;
	}
	return n;
}

static enum assay_status
read_component(const struct sarif_reading *r, const struct jsontree *component, struct sarif_rule *to, size_t *count)
{
	const struct jsontree *rules = jsontree_get(component, "rules");
	const char *name = sarif_text(component, "name");
	for (const struct jsontree *x = rules != NULL ? rules->first : NULL; x != NULL; x = x->next)
		TRY(read_rule(r, x, name, &to[(*count)++]));
	return ASSAY_OK;
}

static enum assay_status
read_tool(const struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	const struct jsontree *tool = jsontree_get(from, "tool");
	const struct jsontree *driver = jsontree_get(tool, "driver");
	const struct jsontree *others = jsontree_get(tool, "extensions");
	struct sarif_rule *rules = arena_array(r->arena, count_rules(tool) + 1, sizeof *rules);
	if (rules == NULL)
		return arena_full(r->err);
	run->tool = sarif_text(driver, "name");
	run->organization = sarif_text(driver, "organization");
	run->version = sarif_text(driver, "version");
	if (run->version[0] == '\0')
		run->version = sarif_text(driver, "semanticVersion");
	TRY(read_component(r, driver, rules, &run->rule_count));
	for (const struct jsontree *e = others != NULL ? others->first : NULL; e != NULL; e = e->next)
		TRY(read_component(r, e, rules, &run->rule_count));
	run->rules = rules;
	return ASSAY_OK;
}

/* ---- invocations ---- */

static size_t
read_notifications(const struct jsontree *from, const char *key, bool of_configuration, struct sarif_notification *to)
{
	const struct jsontree *list = jsontree_get(from, key);
	size_t n = 0;
	for (const struct jsontree *x = list != NULL ? list->first : NULL; x != NULL; x = x->next) {
		const struct jsontree *places = jsontree_get(x, "locations");
		const struct jsontree *physical = jsontree_get(places != NULL ? places->first : NULL, "physicalLocation");
		to[n++] = (struct sarif_notification) { sarif_text(x, "level"), sarif_text(jsontree_get(x, "descriptor"), "id"),
			sarif_message(x, "message"), sarif_text(jsontree_get(physical, "artifactLocation"), "uri"),
			sarif_text(jsontree_get(physical, "artifactLocation"), "uriBaseId"), of_configuration };
	}
	return n;
}

static size_t
count_of(const struct jsontree *object, const char *key)
{
	const struct jsontree *list = jsontree_get(object, key);
	return list != NULL ? list->count : 0;
}

static enum assay_status
read_invocation(const struct sarif_reading *r, const struct jsontree *from, struct sarif_invocation *to)
{
	static const char execution[] = "toolExecutionNotifications", configuration[] = "toolConfigurationNotifications";
	const struct jsontree *success = jsontree_get(from, "executionSuccessful");
	size_t most = count_of(from, execution) + count_of(from, configuration);
	struct sarif_notification *notes = arena_array(r->arena, most + 1, sizeof *notes);
	if (notes == NULL)
		return arena_full(r->err);
	size_t n = read_notifications(from, execution, false, notes);
	n += read_notifications(from, configuration, true, notes + n);
	*to = (struct sarif_invocation) { .told = success != NULL && success->kind == JSONTREE_BOOL,
		.successful = jsontree_true(from, "executionSuccessful"), .command = sarif_text(from, "commandLine"),
		.notifications = notes, .notification_count = n };
	return ASSAY_OK;
}

static enum assay_status
read_invocations(const struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	struct sarif_invocation *list = NULL;
	const struct jsontree *x = NULL;
	TRY(sarif_list(r, from, "invocations", sizeof *list, &list, &run->invocation_count, &x));
	run->invocations = list;
	for (size_t i = 0; x != NULL; x = x->next)
		TRY(read_invocation(r, x, &list[i++]));
	return ASSAY_OK;
}

/* ---- a run ---- */

static enum assay_status
read_artifacts(const struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	struct sarif_artifact *list = NULL;
	const struct jsontree *x = NULL;
	TRY(sarif_list(r, from, "artifacts", sizeof *list, &list, &run->artifact_count, &x));
	run->artifacts = list;
	for (size_t i = 0; x != NULL; x = x->next) {
		const struct jsontree *where = jsontree_get(x, "location");
		list[i++] = (struct sarif_artifact) { sarif_text(where, "uri"), sarif_text(where, "uriBaseId"),
			sarif_text(jsontree_get(x, "hashes"), "sha-256") };
	}
	return ASSAY_OK;
}

static enum assay_status
read_revisions(const struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	const char **list = NULL;
	size_t most = 0;
	const struct jsontree *x = NULL;
	TRY(sarif_list(r, from, "versionControlProvenance", sizeof *list, &list, &most, &x));
	run->revisions = list;
	for (; x != NULL; x = x->next) {
		const char *revision = sarif_text(x, "revisionId");
		if (revision[0] != '\0')
			list[run->revision_count++] = revision;
	}
	return ASSAY_OK;
}

static enum assay_status
read_results(struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	struct sarif_result *list = NULL;
	const struct jsontree *results = jsontree_get(from, "results");
	const struct jsontree *x = NULL;
	r->run = run;
	TRY(sarif_list(r, from, "results", sizeof *list, &list, &run->result_count, &x));
	if (run->result_count > SCA_REPORTS_MAX) {
		assay_fail(r->err, ASSAY_E_LIMIT, "it has more than %d results", SCA_REPORTS_MAX);
		return assay_error_at(r->err, ASSAY_E_LIMIT, r->name, results->line, results->column);
	}
	run->has_results = results != NULL && results->kind == JSONTREE_ARRAY;
	run->results = list;
	for (size_t i = 0; x != NULL; x = x->next)
		TRY(sarif_read_result(r, x, &list[i++]));
	return ASSAY_OK;
}

static enum assay_status
read_run(struct sarif_reading *r, const struct jsontree *from, struct sarif_run *run)
{
	*run = (struct sarif_run) { .automation = sarif_text(jsontree_get(from, "automationDetails"), "id") };
	TRY(read_tool(r, from, run));
	TRY(read_invocations(r, from, run));
	TRY(read_artifacts(r, from, run));
	TRY(read_revisions(r, from, run));
	TRY(sarif_pairs(r, from, "originalUriBaseIds", &run->bases, &run->base_count));
	return read_results(r, from, run);
}

enum assay_status
sarif_parse(struct assay_span bytes, const char *name, struct arena *arena, struct sarif_log *ret_log, struct assay_error *err)
{
	struct sarif_reading r = { .name = name, .arena = arena, .err = err };
	struct sarif_log log = { .version = "" };
	struct sarif_run *runs = NULL;
	struct jsontree *root = NULL;
	const struct jsontree *x = NULL;
	TRY(jsontree_parse(bytes, name, arena, &root, err));
	log.version = sarif_text(root, "version");
	if (strcmp(log.version, "2.1.0") != 0) {
		assay_fail(err, ASSAY_E_UNSUPPORTED, "it doesn't say that it is SARIF 2.1.0");
		return assay_error_at(err, ASSAY_E_UNSUPPORTED, name, root->line, root->column);
	}
	TRY(sarif_list(&r, root, "runs", sizeof *runs, &runs, &log.run_count, &x));
	if (x == NULL || log.run_count > SARIF_RUNS_MAX) {
		assay_fail(err, ASSAY_E_FORMAT, "it has %s", x == NULL ? "no run" : "too many runs");
		return assay_error_at(err, ASSAY_E_FORMAT, name, root->line, root->column);
	}
	log.runs = runs;
	for (size_t i = 0; x != NULL; x = x->next)
		TRY(read_run(&r, x, &runs[i++]));
	*ret_log = log;
	return ASSAY_OK;
}
