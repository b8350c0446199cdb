/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing with an earlier report: a control is worse when its verdict is, or when it has a gap that wasn't there.
 */
#include "baseline.h"
#include "cli.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <string.h>

#define BASELINE_MAX (64u << 20)

struct comparison {
	struct buf *out;
	size_t worse;  /* gaps that are new */
	size_t unseen; /* evaluated then, not now */
};

enum assay_status
baseline_read(const char *path, struct buf *out, struct assay_error *err)
{
	*out = (struct buf)BUF_INIT(BASELINE_MAX);
	return path == NULL ? ASSAY_OK : file_read(AT_FDCWD, path, out, err);
}

static const json_t *
earlier(const json_t *controls, const char *id)
{
	for (size_t i = 0; i < json_array_size(controls); i++) {
		const json_t *control = json_array_get(controls, i);
		const char *other = json_string_value(json_object_get(control, "id"));
		if (other != NULL && strcmp(other, id) == 0)
			return control;
	}
	return NULL;
}

/* Fingerprints of the earlier findings as keys of a new object. */
static json_t *
known_findings(const json_t *control)
{
	const json_t *findings = json_object_get(control, "findings");
	json_t *known = json_object();
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const char *print = json_string_value(
		    json_object_get(json_array_get(findings, i), "fingerprint"));
		if (print != NULL && json_object_set_new(known, print, json_true()) != 0)
			break;
	}
	return known;
}

static void
compare_findings(struct comparison *c, const struct control_verdict *v, const json_t *before)
{
	CLEANUP(canon_unref) json_t *known = known_findings(before);
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		if (!f->gap || json_object_get(known, f->fingerprint) != NULL)
			continue;
		c->worse++;
		if (c->out != NULL)
			buf_addf(c->out, "worse: %s: %s\n", v->control->id, f->message);
	}
	json_int_t total = json_integer_value(json_object_get(before, "finding_total"));
	if (v->finding_total > v->finding_count && (json_int_t)v->finding_total > total) {
		c->worse++;
		if (c->out != NULL)
			buf_addf(c->out, "worse: %s: more findings than before\n", v->control->id);
	}
}

static void
compare_control(struct comparison *c, const struct control_verdict *v, const json_t *before)
{
	const char *then = json_string_value(json_object_get(before, "verdict"));
	bool failed_then = then != NULL && strcmp(then, "fail") == 0;
	bool seen_then = then != NULL && strcmp(then, "unknown") != 0 && strcmp(then, "stale") != 0;
	if (v->verdict == VERDICT_FAIL && failed_then) {
		compare_findings(c, v, before);
	} else if (v->verdict == VERDICT_FAIL) {
		c->worse++;
		if (c->out != NULL)
			buf_addf(c->out, "worse: %s: %s, was %s\n", v->control->id, v->reason,
			    then == NULL ? "not judged" : then);
	} else if (failed_then && v->unauthorised) {
		/* Mended; that it is no pass yet has nothing to do with what was seen. */
		return;
	} else if (seen_then && (v->verdict == VERDICT_UNKNOWN || v->verdict == VERDICT_STALE)) {
		c->unseen++;
		if (c->out != NULL)
			buf_addf(c->out, "not evaluated any more: %s: %s\n", v->control->id, v->reason);
	}
}

enum assay_status
baseline_compare(struct assay_span json, const char *name, const struct verdicts *now,
    struct buf *out, int *ret_exit, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *report = NULL;
	TRY(canon_read(json, name, &report, err));
	const char *schema = json_string_value(json_object_get(report, "schema"));
	const json_t *controls = json_object_get(report, "controls");
	if (schema == NULL || strcmp(schema, "assay-report/1") != 0 || !json_is_array(controls)) {
		(void)assay_fail(err, ASSAY_E_FORMAT, "the baseline is not a report of 'assay check'");
		(void)assay_error_at(err, ASSAY_E_FORMAT, name, 0, 0);
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "take the report.json of an earlier run");
	}
	struct comparison c = { .out = out };
	for (size_t i = 0; i < now->control_count; i++)
		compare_control(&c, &now->controls[i], earlier(controls, now->controls[i].control->id));
	if (out != NULL && c.worse == 0 && c.unseen == 0)
		buf_addf(out, "nothing is worse than in %s\n", name);
	*ret_exit = c.worse > 0 ? EXIT_GAP : c.unseen > 0 ? EXIT_NOT_EVALUATED : EXIT_NO_GAP;
	return ASSAY_OK;
}
