/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay deviate --list: the deviations of code and the suppressions of HEAD, each with its state.
 */
#include "confine.h"
#include "deviate.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <judge/code_deviations.h>
#include <string.h>

#define OUT_MAX ((size_t)256 << 20)
#define SCHEMA "assay-deviations/1"

struct listing {
	struct cli *cli;
	struct workspace w;
	struct judge_code_deviations seen;
	struct buf out;
};

static void
listing_done(struct listing *x)
{
	buf_done(&x->out);
	workspace_done(&x->w);
}

static enum assay_status
look(struct listing *x, struct assay_error *err)
{
	static const char *const require[] = { "dev." };
	const char *kinds[WORKSPACE_KINDS_MAX];
	struct judge_input input = { .catalog = x->w.catalog, .policy = &x->w.policy, .roster = &x->w.roster, .require = require,
		.require_count = 1 };
	bool confined = false;
	TRY(workspace_date(x->cli, &input.date, &input.date_given, err));
	const size_t kind_count = judge_needs(&input, kinds, WORKSPACE_KINDS_MAX);
	TRY(confine_to_reading(x->cli, &x->w, NULL, false, &confined, err));
	TRY(workspace_look(x->cli, &x->w, kinds, kind_count, err));
	confine_fully();
	TRY(workspace_parse(&x->w, err));
	input.evidence = &x->w.evidence;
	return judge_code_deviations(&input, x->w.arena, &x->seen, err);
}

/* ---- states ---- */

static const char *
state_of(const struct judge_deviation *d)
{
	if (d->unread != NULL)
		return "unread";
	for (const struct sca_fault *f = d->faults; f != NULL; f = f->next) {
		if (f->reopens)
			return "reopened";
	}
	return d->faults != NULL ? "void" : d->ends_soon ? "ends-soon" : "holds";
}

static const char *
state_of_silence(const struct judge_silence *s)
{
	return s->holds ? "covered" : s->deviation != NULL ? "void" : "without-deviation";
}

/* ---- text ---- */

static void
add(struct listing *x, const char *text)
{
	text_escape(&x->out, assay_span_str(text), false);
}

static void
add_deviation(struct listing *x, const struct judge_deviation *d)
{
	char day[WHEN_TEXT_SIZE];
	buf_addf(&x->out, "%-11s ", state_of(d));
	add(x, d->path);
	if (d->unread != NULL) {
		buf_add_str(&x->out, "\n            ");
		add(x, d->unread);
		buf_add_byte(&x->out, '\n');
		return;
	}
	when_format_date(d->d.until, day);
	buf_addf(&x->out, "  %s  until %s%s%s%s\n", d->d.rule, day, d->d.permit ? ", a standing permit" : "",
	    d->approved_by != NULL ? ", approved by " : "", d->approved_by != NULL ? d->approved_by : "");
	for (const struct sca_fault *f = d->faults; f != NULL; f = f->next) {
		buf_add_str(&x->out, "            ");
		add(x, f->why);
		buf_add_byte(&x->out, '\n');
	}
}

static void
add_silence(struct listing *x, const struct judge_silence *one)
{
	const struct suppression *s = one->s;
	buf_addf(&x->out, "%-18s ", state_of_silence(one));
	add(x, s->path);
	buf_addf(&x->out, ":%u:%u  ", s->line, s->column);
	add(x, s->mark);
	for (size_t i = 0; i < s->check_count; i++) {
		buf_add_str(&x->out, i == 0 ? " (" : ", ");
		add(x, s->checks[i]);
	}
	buf_addf(&x->out, "%s of %s, %s%s", s->check_count > 0 ? ")" : "", s->engine, suppress_reach_name(s->reach), s->symbol != NULL ? ", in " : "");
	add(x, s->symbol != NULL ? s->symbol : "");
	if (one->deviation != NULL) {
		buf_add_str(&x->out, ", ");
		add(x, one->deviation);
	}
	buf_add_byte(&x->out, '\n');
}

static enum assay_status
print_text(struct listing *x, struct assay_error *err)
{
	const struct judge_code_deviations *seen = &x->seen;
	buf_addf(&x->out, "deviations: %zu\n", seen->deviation_count);
	for (size_t i = 0; i < seen->deviation_count; i++)
		add_deviation(x, &seen->deviations[i]);
	if (seen->has_plan)
		buf_addf(&x->out, "\nsuppressions: %zu\n", seen->silence_count);
	else
		buf_add_str(&x->out, "\nsuppressions: not looked for, there is no assay/standard.yaml in HEAD\n");
	for (size_t i = 0; i < seen->silence_count; i++)
		add_silence(x, &seen->silences[i]);
	for (size_t i = 0; i < seen->unread_count; i++) {
		buf_add_str(&x->out, "not looked through ");
		add(x, seen->unread[i].path);
		buf_add_str(&x->out, ": ");
		add(x, seen->unread[i].why);
		buf_add_byte(&x->out, '\n');
	}
	return cli_print(&x->out, err);
}

/* ---- JSON ---- */

static json_t *
text(const char *words)
{
	return words == NULL ? json_null() : canon_text(assay_span_str(words));
}

static json_t *
faults_json(const struct judge_deviation *d)
{
	json_t *list = json_array();
	for (const struct sca_fault *f = d->faults; f != NULL && list != NULL; f = f->next)
		(void)json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "code", f->code, "gap", f->gap, "why", text(f->why)));
	return list;
}

static json_t *
deviation_json(const struct judge_deviation *d)
{
	char day[WHEN_TEXT_SIZE] = "";
	if (d->unread != NULL)
		return json_pack("{s:o, s:s, s:o}", "path", text(d->path), "state", state_of(d), "why", text(d->unread));
	when_format_date(d->d.until, day);
	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:s}", "approved-by", text(d->approved_by), "faults", faults_json(d), "path",
	    text(d->path), "permit", d->d.permit, "reason", text(d->d.reason), "rule", text(d->d.rule), "state", state_of(d), "until", day);
}

static json_t *
silence_json(const struct judge_silence *one)
{
	const struct suppression *s = one->s;
	json_t *checks = json_array();
	for (size_t i = 0; i < s->check_count && checks != NULL; i++)
		(void)json_array_append_new(checks, text(s->checks[i]));
	return json_pack("{s:o, s:i, s:o, s:s, s:i, s:s, s:i, s:i, s:s, s:o, s:s, s:s, s:o}", "checks", checks, "column", (int)s->column,
	    "deviation", text(one->deviation), "engine", s->engine, "first", (int)s->first, "form", suppress_form_name(s->form), "last",
	    (int)s->last, "line", (int)s->line, "mark", s->mark, "path", text(s->path), "reach", suppress_reach_name(s->reach), "state",
	    state_of_silence(one), "symbol", text(s->symbol));
}

static enum assay_status
print_json(struct listing *x, struct assay_error *err)
{
	const struct judge_code_deviations *seen = &x->seen;
	CLEANUP(canon_unref) json_t *root = json_pack("{s:[], s:b, s:s, s:[], s:[]}", "deviations", "plan", seen->has_plan, "schema", SCHEMA,
	    "suppressions", "unread");
	int bad = root == NULL;
	for (size_t i = 0; i < seen->deviation_count && !bad; i++)
		bad = json_array_append_new(json_object_get(root, "deviations"), deviation_json(&seen->deviations[i]));
	for (size_t i = 0; i < seen->silence_count && !bad; i++)
		bad = json_array_append_new(json_object_get(root, "suppressions"), silence_json(&seen->silences[i]));
	for (size_t i = 0; i < seen->unread_count && !bad; i++)
		bad = json_array_append_new(json_object_get(root, "unread"),
		    json_pack("{s:o, s:o}", "path", text(seen->unread[i].path), "why", text(seen->unread[i].why)));
	TRY(bad ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, &x->out, err));
	buf_add_byte(&x->out, '\n');
	return cli_print(&x->out, err);
}

enum assay_status
deviate_list(struct cli *cli, struct assay_error *err)
{
	CLEANUP(listing_done) struct listing x = { .cli = cli, .out = BUF_INIT(OUT_MAX) };
	TRY(workspace_open(cli, cli->path == NULL ? "." : cli->path, &x.w, err));
	TRY(look(&x, err));
	return cli->json ? print_json(&x, err) : print_text(&x, err);
}
