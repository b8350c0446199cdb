/* SPDX-License-Identifier: Apache-2.0 */
#include "qualify.h"

#include <base/cleanup.h>
#include <codec/canon.h>
#include <string.h>

#define RULE_WIDTH 12

static const char *const states[] = { [SCA_SHOWN_NOT_RUN] = "not-run", [SCA_SHOWN_SILENT] = "silent",
	[SCA_SHOWN_ELSEWHERE] = "elsewhere", [SCA_SHOWN_REPORTED] = "reported" };

/* ---- for people ---- */

static void
put_tools(const struct qualify *q, struct buf *out)
{
	for (size_t i = 0; i < q->tool_count; i++) {
		const struct qualify_tool *t = &q->tools[i];
		if (t->why != NULL)
			buf_addf(out, "%-12s not used: %s (%s)\n", t->engine->name, t->why, t->engine->adds);
		else
			buf_addf(out, "%-12s %s, SHA-256 %.16s..., %zu checks\n", t->engine->name, t->engine->version,
			    t->engine->digest, t->options.check_count);
	}
}

static const char *
means_of(const struct sca_demo *d)
{
	if (d->row->not_applicable != NULL)
		return "not applicable";
	if (d->row->review != NULL)
		return "review";
	return d->row->check_count > 0 ? "" : "blank";
}

static void
put_rule(const struct sca_demo *d, struct buf *out)
{
	buf_addf(out, "%-*s", RULE_WIDTH, d->row->rule);
	if (d->local == 0) {
		buf_addf(out, "%s\n", d->row->check_count > 0 ? "run elsewhere" : means_of(d));
		return;
	}
	buf_addf(out, "%-5s bad %zu of %zu caught, good %zu of %zu flagged", d->enforced ? "shown" : "NOT",
	    d->caught, d->bad, d->flagged, d->good);
	if (d->not_run > 0)
		buf_addf(out, ", %zu not looked at", d->not_run);
	buf_add_byte(out, '\n');
}

static void
put_misses(const struct sca_demo *d, struct buf *out)
{
	for (size_t i = 0; i < d->count && d->row->check_count > 0; i++) {
		const struct sca_shown *s = &d->shown[i];
		if (s->snippet->bad != (s->state == SCA_SHOWN_REPORTED))
			buf_addf(out, "%*s%s: %s%s%s\n", RULE_WIDTH, "", s->snippet->name, states[s->state],
			    s->check == NULL ? "" : " by ", s->check == NULL ? "" : s->check);
	}
	for (size_t i = 0; i < d->row->check_count; i++)
		if (d->idle[i] && d->count > 0)
			buf_addf(out, "%*s%s catches none of them\n", RULE_WIDTH, "", d->row->checks[i].text);
}

enum assay_status
qualify_text(const struct qualify *q, struct buf *out, struct assay_error *err)
{
	size_t bad = 0, caught = 0, good = 0, flagged = 0;
	if (!q->cli->quiet)
		put_tools(q, out);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < q->rule_count; i++) {
		const struct sca_demo *d = &q->rules[i];
		if (d->row->check_count > 0 || q->cli->verbose)
			put_rule(d, out);
		if (q->cli->verbose)
			put_misses(d, out);
		bad += d->row->check_count > 0 ? d->bad : 0;
		good += d->row->check_count > 0 ? d->good : 0;
		caught += d->caught;
		flagged += d->flagged;
	}
	buf_addf(out, "\n%zu of %zu rules that checks enforce were shown to be; %zu rules in all\n", q->demonstrated, q->by_checks,
	    q->rule_count);
	buf_addf(out, "bad snippets caught %zu of %zu, good ones flagged %zu of %zu\n", caught, bad, flagged, good);
	if (!q->cli->quiet && !q->cli->verbose && q->demonstrated < q->by_checks)
		buf_add_str(out, "which were missed: assay qualify --verbose\n");
	return buf_status(out, "the report", err);
}

/* ---- for machines ---- */

static void
put(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static json_t *
text(const char *s)
{
	return s == NULL ? json_null() : canon_text(assay_span_str(s));
}

static json_t *
tool_json(const struct qualify_tool *t)
{
	const struct engine *e = t->engine;
	json_t *o = json_object(), *parts = json_array(), *checks = json_array();
	for (size_t i = 0; i < e->part_count; i++) {
		json_t *part = json_object();
		put(part, "path", text(e->parts[i].path));
		put(part, "sha256", text(e->parts[i].sha256));
		(void)json_array_append_new(parts, part);
	}
	for (size_t i = 0; i < t->options.check_count; i++)
		(void)json_array_append_new(checks, text(t->options.checks[i]));
	put(o, "engine", text(e->name));
	put(o, "used", json_boolean(t->why == NULL));
	put(o, "why", text(t->why));
	put(o, "version", text(e->version));
	put(o, "program", text(e->path));
	put(o, "sha256", e->found ? text(e->digest) : json_null());
	put(o, "options-sha256", text(t->options.digest));
	put(o, "parts", parts);
	put(o, "checks", checks);
	return o;
}

static json_t *
snippets_json(const struct sca_demo *d)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->count; i++) {
		const struct sca_shown *s = &d->shown[i];
		json_t *o = json_object();
		put(o, "name", text(s->snippet->name));
		put(o, "sha256", canon_sha256(s->snippet->sha256));
		put(o, "bad", json_boolean(s->snippet->bad));
		put(o, "state", text(states[s->state]));
		put(o, "line", json_integer((json_int_t)s->line));
		put(o, "check", text(s->check));
		put(o, "engines", json_integer((json_int_t)s->agree));
		(void)json_array_append_new(list, o);
	}
	return list;
}

static json_t *
rule_json(const struct sca_demo *d)
{
	json_t *o = json_object(), *checks = json_array();
	for (size_t i = 0; i < d->row->check_count; i++) {
		json_t *check = json_object();
		put(check, "check", text(d->row->checks[i].text));
		put(check, "idle", json_boolean(d->idle[i]));
		(void)json_array_append_new(checks, check);
	}
	put(o, "standard", text(d->standard->id));
	put(o, "rule", text(d->row->rule));
	put(o, "demonstrated", json_boolean(d->enforced));
	put(o, "review", json_boolean(d->row->review != NULL));
	put(o, "checks", checks);
	put(o, "bad", json_integer((json_int_t)d->bad));
	put(o, "caught", json_integer((json_int_t)d->caught));
	put(o, "good", json_integer((json_int_t)d->good));
	put(o, "flagged", json_integer((json_int_t)d->flagged));
	put(o, "not-run", json_integer((json_int_t)d->not_run));
	put(o, "snippets", snippets_json(d));
	return o;
}

enum assay_status
qualify_json(const struct qualify *q, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *o = json_object();
	json_t *tools = json_array(), *rules = json_array();
	for (size_t i = 0; i < q->tool_count; i++)
		(void)json_array_append_new(tools, tool_json(&q->tools[i]));
	for (size_t i = 0; i < q->rule_count; i++)
		(void)json_array_append_new(rules, rule_json(&q->rules[i]));
	put(o, "schema", json_string("assay-qualify/1"));
	put(o, "plan", text(q->plan_name));
	put(o, "engines", tools);
	put(o, "rules", rules);
	put(o, "by-checks", json_integer((json_int_t)q->by_checks));
	put(o, "demonstrated", json_integer((json_int_t)q->demonstrated));
	TRY(canon_write(o, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the report", err);
}
