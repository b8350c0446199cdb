/* SPDX-License-Identifier: Apache-2.0 */
/*
 * At which events a job runs: "workflow: rules", "rules", "only" and "except", "when" and "allow_failure".
 */
#include "gitlab.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Without rules anywhere GitLab makes no pipelines of merge requests. */
#define USUAL (~(GL_BIT(GL_MERGE_REQUEST) | GL_BIT(GL_EXTERNAL)) & (GL_BIT(GL_EVENTS) - 1))

struct rules {
	struct gl *g;
	const struct gl_node *job; /* NULL for those of the workflow */
	const struct gl_node *variables, *global;
	const char *when;          /* the job's own, or NULL */
	bool may_fail;
};

/* ---- one rule ---- */

/* Whether a file of the tree matches one of the patterns; a computed one is known when it runs. */
static enum gl_truth
exists(struct gl *g, const struct gl_node *n)
{
	const struct gl_node *list = n->kind == YAML_MAPPING ? gl_get(n, "paths") : n;
	for (size_t i = 0; i < gl_count(list); i++) {
		const char *pattern = gl_text(gl_item(list, i));
		if (pattern == NULL || strchr(pattern, '$') != NULL || strpbrk(pattern, "{[") != NULL || n->kind == YAML_MAPPING)
			return GL_MAYBE;
		pattern += pattern[0] == '/';
		for (size_t f = 0; f < g->w->sources->count; f++) {
			if (!gl_work(g, 1))
				return GL_MAYBE;
			if (text_match(assay_span_str(pattern), assay_span_str(g->w->sources->files[f].path)))
				return GL_TRUE;
		}
	}
	return GL_FALSE;
}

static enum gl_truth
rule_holds(const struct rules *r, const struct gl_node *rule, enum gl_event event, bool *ret_read)
{
	const struct gl_node *condition = gl_get(rule, "if"), *files = gl_get(rule, "exists"), *changes = gl_get(rule, "changes");
	enum gl_truth t = GL_TRUE, more = GL_TRUE;
	*ret_read = true;
	if (condition != NULL)
		t = gl_text(condition) == NULL ? GL_MAYBE : gl_expression(condition->text, event, r->variables, r->global, ret_read);
	if (files != NULL)
		more = exists(r->g, files);
	t = more < t ? more : t;
	/* At a tag, and where nothing was pushed, everything counts as changed. */
	if (changes != NULL && t == GL_TRUE && (event == GL_BRANCH || event == GL_DEFAULT || event == GL_MERGE_REQUEST))
		t = GL_MAYBE;
	return t;
}

static bool
is(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

/* What a rule says when it holds, surely or perhaps. */
static void
apply(const struct rules *r, const struct gl_node *rule, enum gl_truth t, unsigned bit, struct gl_when *w)
{
	const char *when = gl_text(gl_get(rule, "when"));
	const struct gl_pair *fail = gl_pair(rule, "allow_failure");
	if (when == NULL)
		when = r->when;
	if (is(when, "never"))
		return;
	w->may |= bit;
	if (t == GL_TRUE)
		w->sure |= bit;
	if (is(when, "manual"))
		w->manual |= bit;
	if (is(when, "always") || is(when, "on_failure"))
		w->always |= bit;
	if (fail != NULL ? gl_is_true(fail->value) || fail->value->kind == YAML_MAPPING : r->may_fail) {
		w->may_fail |= bit;
		if (fail != NULL)
			w->may_fail_place = fail->key_place;
	}
}

static enum assay_status
check_rule(struct gl *g, const struct gl_node *rule)
{
	static const char *const keys[] = { "if", "changes", "exists", "when", "allow_failure", "variables", "needs",
		"interruptible", "start_in", "auto_cancel" };
	if (rule->kind != YAML_MAPPING)
		return ci_ask(g->w, CI_ALL, "rule-unread", rule->place, "a rule that isn't a mapping");
	for (size_t i = 0; i < rule->count; i++) {
		bool known = false;
		for (size_t k = 0; k < COUNT(keys); k++)
			known |= strcmp(keys[k], rule->pairs[i].key) == 0;
		if (!known)
			TRY(ci_ask(g->w, CI_ALL, "unknown-keyword", rule->pairs[i].key_place,
			    "the keyword 'rules:%s' isn't known here", rule->pairs[i].key));
	}
	return ASSAY_OK;
}

/* Rules, also in lists of their own, in order; *ret_more is false once one surely holds. */
static enum assay_status
run_rules(const struct rules *r, const struct gl_node *list, enum gl_event event, unsigned depth, struct gl_when *w,
    bool *ret_more)
{
	for (size_t i = 0; *ret_more && i < gl_count(list) && gl_work(r->g, 1); i++) {
		const struct gl_node *rule = gl_item(list, i);
		bool read;
		if (rule->kind == YAML_SEQUENCE && depth < GITLAB_LISTS_MAX) {
			TRY(run_rules(r, rule, event, depth + 1, w, ret_more));
			continue;
		}
		if (event == 0)
			TRY(check_rule(r->g, rule));
		enum gl_truth t = rule_holds(r, rule, event, &read);
		if (CATCH(gl_condition_unread, !read && event == 0))
			TRY(ci_ask(r->g->w, CI_ALL, "expression-unread", gl_get(rule, "if")->place,
			    "a condition that can't be read: '%s'", gl_get(rule, "if")->text));
		if (t == GL_FALSE)
			continue;
		if (t == GL_MAYBE && event == GL_TAG && w->maybe == NULL) {
			const char *text = gl_text(gl_get(rule, "if"));
			w->maybe = text != NULL ? text : "";
		}
		apply(r, rule, t, GL_BIT(event), w);
		*ret_more = t != GL_TRUE;
	}
	return ASSAY_OK;
}

/* What may have ended the rules before isn't sure any more, and neither is what comes after. */
static enum assay_status
run_all(const struct rules *r, const struct gl_node *list, struct gl_when *w)
{
	for (unsigned e = 0; e < GL_EVENTS; e++) {
		bool more = true;
		TRY(run_rules(r, list, e, 0, w, &more));
	}
	return ASSAY_OK;
}

/* ---- only and except ---- */

static const struct {
	const char *word;
	unsigned events;
} words[] = {
	{ "branches", GL_BIT(GL_BRANCH) | GL_BIT(GL_DEFAULT) | GL_BIT(GL_SCHEDULE) | GL_BIT(GL_WEB) | GL_BIT(GL_TRIGGER) },
	{ "tags", GL_BIT(GL_TAG) },
	{ "merge_requests", GL_BIT(GL_MERGE_REQUEST) },
	{ "pushes", GL_BIT(GL_BRANCH) | GL_BIT(GL_DEFAULT) | GL_BIT(GL_TAG) },
	{ "schedules", GL_BIT(GL_SCHEDULE) },
	{ "web", GL_BIT(GL_WEB) },
	{ "triggers", GL_BIT(GL_TRIGGER) },
	{ "api", GL_BIT(GL_TRIGGER) },
	{ "pipelines", GL_BIT(GL_TRIGGER) },
	{ "chat", GL_BIT(GL_TRIGGER) },
	{ "external", 0 },
	{ "external_pull_requests", GL_BIT(GL_EXTERNAL) },
};

/* The events of a list of refs; *ret_maybe those at which a name or pattern decides. */
static unsigned
ref_events(const struct gl_node *list, unsigned *ret_maybe)
{
	unsigned events = 0;
	*ret_maybe = 0;
	for (size_t i = 0; i < gl_count(list); i++) {
		const char *text = gl_text(gl_item(list, i));
		bool found = false;
		for (size_t k = 0; text != NULL && k < COUNT(words); k++) {
			if (strcmp(text, words[k].word) == 0) {
				events |= words[k].events;
				found = true;
			}
		}
		/* A name or a pattern: of a branch or of a tag. */
		if (!found)
			*ret_maybe |= USUAL;
	}
	return events;
}

/* What an only or except names: a list of refs, or a mapping that narrows it further. */
static unsigned
policy_events(const struct gl_node *n, unsigned *ret_maybe)
{
	if (n->kind != YAML_MAPPING)
		return ref_events(n, ret_maybe);
	const struct gl_node *refs = gl_get(n, "refs");
	unsigned maybe = 0, events = USUAL;
	if (refs != NULL)
		events = ref_events(refs, &maybe);
	bool narrowed = gl_get(n, "variables") != NULL || gl_get(n, "changes") != NULL || gl_get(n, "kubernetes") != NULL;
	*ret_maybe = narrowed ? events | maybe : maybe;
	return narrowed ? 0 : events;
}

static void
run_policies(const struct gl_node *job, unsigned usual, struct gl_when *w)
{
	const struct gl_node *only = gl_get(job, "only"), *except = gl_get(job, "except");
	unsigned maybe = 0, sure = usual;
	if (!gl_is_null(only))
		sure = policy_events(only, &maybe);
	if (!gl_is_null(except)) {
		unsigned but_maybe, but = policy_events(except, &but_maybe);
		sure &= ~but;
		maybe &= ~but;
		maybe |= sure & but_maybe;
		sure &= ~but_maybe;
	}
	w->sure = sure;
	w->may = sure | maybe;
	if ((maybe & GL_BIT(GL_TAG)) != 0)
		w->maybe = "only";
}

/* ---- the job ---- */

static void
say_when(const struct gl_node *job, struct gl_when *w)
{
	const char *when = gl_text(gl_get(job, "when"));
	const struct gl_pair *fail = gl_pair(job, "allow_failure");
	if (is(when, "manual"))
		w->manual = w->may;
	if (is(when, "always") || is(when, "on_failure"))
		w->always = w->may;
	/* A job that waits for a person lets the others go on unless it says that it doesn't. */
	bool lets_go = fail == NULL ? is(when, "manual") : gl_is_true(fail->value) || fail->value->kind == YAML_MAPPING;
	if (lets_go) {
		w->may_fail = w->may;
		w->may_fail_place = fail == NULL ? gl_pair(job, "when")->key_place : fail->key_place;
	}
	if (is(when, "never"))
		w->may = w->sure = 0;
}

enum assay_status
gl_when(struct gl *g, const struct gl_node *job, struct gl_when *ret_when)
{
	const struct gl_node *workflow = gl_get(gl_get(g->root, "workflow"), "rules"), *rules = gl_get(job, "rules");
	const struct gl_node *global = gl_get(g->root, "variables");
	const struct gl_pair *fail = gl_pair(job, "allow_failure");
	struct gl_when flow = { .may = ~0u, .sure = ~0u }, w = { 0 };
	if (workflow != NULL) {
		flow.may = flow.sure = 0;
		const struct rules r = { .g = g, .global = global };
		TRY(run_all(&r, workflow, &flow));
	}
	if (rules != NULL) {
		const struct rules r = { g, job, gl_get(job, "variables"), global, gl_text(gl_get(job, "when")),
			fail != NULL && gl_is_true(fail->value) };
		TRY(run_all(&r, rules, &w));
		if (fail != NULL && w.may_fail != 0 && w.may_fail_place.file == NULL)
			w.may_fail_place = fail->key_place;
	} else {
		run_policies(job, workflow != NULL ? GL_BIT(GL_EVENTS) - 1 : USUAL, &w);
		say_when(job, &w);
	}
	/* A child pipeline runs when its parent says so; a workflow that may not hold makes everything in it unsure. */
	unsigned child = g->children > 0 ? GL_BIT(GL_CHILD) : 0;
	w.may &= flow.may & (child != 0 ? child : ~GL_BIT(GL_CHILD));
	w.sure &= w.may & flow.sure;
	if (w.maybe == NULL)
		w.maybe = flow.maybe;
	*ret_when = w;
	return ASSAY_OK;
}
