/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing with an earlier report: a control is worse when its verdict is, or when it has a gap that wasn't there.
 */
#include "baseline.h"
#include "cli.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <string.h>

#define BASELINE_MAX (64u << 20)
#define WORSE "worse"
#define UNSEEN "not evaluated any more"

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
say(struct comparison *c, size_t *counter, const char *title, const char *id, const char *what)
{
	(*counter)++;
	if (c->out == NULL)
		return;
	buf_addf(c->out, "%s: %s: ", title, id);
	text_escape(c->out, assay_span_str(what), false);
	buf_add_byte(c->out, '\n');
}

/* New gaps are worse; new open questions are things that can't be told any more. */
static void
compare_findings(struct comparison *c, const struct control_verdict *v, const json_t *before)
{
	CLEANUP(canon_unref) json_t *known = known_findings(before);
	const char *digest = json_string_value(json_object_get(before, "findings_digest"));
	char now[2 * FINDINGS_DIGEST + 1];
	text_hex((struct assay_span){ v->findings_digest, FINDINGS_DIGEST }, now);
	if (digest != NULL && strcmp(digest, now) == 0)
		return;
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		if (json_object_get(known, f->fingerprint) != NULL)
			continue;
		say(c, f->gap ? &c->worse : &c->unseen, f->gap ? WORSE : UNSEEN, v->control->id, f->message);
	}
	/* Where one of the lists was cut, what is new may stand beyond its end. */
	json_int_t total = json_integer_value(json_object_get(before, "finding_total"));
	bool cut = v->finding_total > v->finding_count ||
	    total > (json_int_t)json_array_size(json_object_get(before, "findings"));
	if (cut && (json_int_t)v->finding_total >= total)
		say(c, &c->worse, WORSE, v->control->id, "other findings than before, more than are listed");
	else if (cut)
		say(c, &c->unseen, UNSEEN, v->control->id, "fewer findings, but more than are listed: make a new baseline");
}

/* What was looked at: less in scope, or more exempt, hides what would be worse. */
static void
compare_scope(struct comparison *c, const struct control_verdict *v, const json_t *before)
{
	const json_t *counts = json_object_get(before, "counts");
	for (size_t i = 0; i < v->count_count; i++) {
		const struct count *now = &v->counts[i];
		json_int_t then = json_integer_value(json_object_get(counts, now->name));
		bool less = strstr(now->name, "in scope") != NULL && now->value < (uint64_t)then;
		bool more = strstr(now->name, "exempt") != NULL && now->value > (uint64_t)then;
		if (!less && !more)
			continue;
		char text[160];
		(void)snprintf(text, sizeof text, "%s: %" PRIu64 ", was %" PRIu64, now->name, now->value,
		    (uint64_t)then);
		say(c, &c->unseen, UNSEEN, v->control->id, text);
	}
}

/* Without a trust root a control in order is unknown, and says so. */
static bool
was_in_order(const json_t *before, const char *then)
{
	if (then == NULL || strcmp(then, "fail") == 0)
		return false;
	return strcmp(then, "unknown") != 0 || json_is_true(json_object_get(before, "unauthorised"));
}

static void
compare_control(struct comparison *c, const struct control_verdict *v, const json_t *before)
{
	const char *then = json_string_value(json_object_get(before, "verdict"));
	bool failed = then != NULL && strcmp(then, "fail") == 0;
	bool open = v->verdict == VERDICT_UNKNOWN || v->verdict == VERDICT_STALE;
	if (v->verdict == VERDICT_FAIL && !failed)
		say(c, &c->worse, WORSE, v->control->id, v->reason);
	else if (v->judged && v->finding_total > 0)
		compare_findings(c, v, before);
	if (open && !v->unauthorised && v->finding_total == 0 && (failed || was_in_order(before, then)))
		say(c, &c->unseen, UNSEEN, v->control->id, v->reason);
	if (v->judged)
		compare_scope(c, v, before);
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
