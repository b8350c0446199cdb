/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of GitHub's workflows and composite actions. */
#include "command.h"
#include "github_work.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static enum assay_status
read_id(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	return n->kind == YAML_SCALAR ? ci_keep(g->w, n->text, &s->name) : gh_wrong(g, n, "an id isn't a text");
}

static enum assay_status
read_condition(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	return gh_condition(g, n, &s->condition, &s->condition_place);
}

static enum assay_status
add_pieces(struct gh *g, const struct yaml_node *n, const char *name, struct ci_step *s)
{
	size_t cursor = 0;
	struct expr_piece piece;
	bool closed = false;
	struct ci_variable **link = &s->pieces;
	while (*link != NULL)
		link = &(*link)->next;
	while (n->kind == YAML_SCALAR && expr_next(n->text, &cursor, &piece, &closed)) {
		struct ci_variable *v = NULL;
		TRY(ci_alloc(g->w, sizeof *v, &v));
		TRY(ci_keep(g->w, name, &v->name));
		TRY(ci_printf(g->w, &v->value, "%.*s", (int)(piece.end - piece.begin), n->text + piece.begin));
		v->place = gh_place(g, n, piece.begin);
		*link = v;
		link = &v->next;
	}
	return ASSAY_OK;
}

static enum assay_status
read_run(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	if (n->kind != YAML_SCALAR)
		return gh_wrong(g, n, "'run' isn't a text");
	TRY(ci_keep(g->w, n->text, &s->command));
	s->command_place = gh_place(g, n, 0);
	s->command_block = n->block;
	TRY(add_pieces(g, n, "run", s));
	return gh_scan(g, n, CI_SECRET_COMMAND, NULL);
}

static enum assay_status
read_uses(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	if (n->kind != YAML_SCALAR)
		return gh_wrong(g, n, "'uses' isn't a text");
	s->kind = CI_STEP_ACTION;
	return gh_uses(g, n, CI_REF_ACTION, &s->uses);
}

static enum assay_status
read_env(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	return gh_variables(g, n, CI_SECRET_STEP_ENV, &s->env);
}

static enum assay_status
read_with(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	for (const struct yaml_node *c = n->kind == YAML_MAPPING ? n->first : NULL; c != NULL; c = c->next)
		TRY(add_pieces(g, c, c->key, s));
	return gh_variables(g, n, CI_SECRET_INPUT, &s->with);
}

static enum assay_status
read_shell(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	return n->kind == YAML_SCALAR ? ci_keep(g->w, n->text, &s->shell) : gh_wrong(g, n, "'shell' isn't a text");
}

static enum assay_status
read_may_fail(struct gh *g, const struct yaml_node *n, void *into)
{
	struct ci_step *s = into;
	s->may_fail = n->kind != YAML_SCALAR || strcmp(n->text, "false") != 0;
	s->may_fail_place = ci_at_key(g->f, n);
	return gh_scan(g, n, CI_SECRET_ELSEWHERE, NULL);
}

static const struct gh_key step_keys[] = {
	{ "id", read_id },
	{ "name", NULL },
	{ "if", read_condition },
	{ "run", read_run },
	{ "uses", read_uses },
	{ "with", read_with },
	{ "env", read_env },
	{ "shell", read_shell },
	{ "working-directory", NULL },
	{ "continue-on-error", read_may_fail },
	{ "timeout-minutes", NULL },
};

/* ---- what follows from it ---- */

static const struct ci_variable *
input_of(const struct ci_step *s, const char *name)
{
	for (const struct ci_variable *v = s->with; v != NULL; v = v->next) {
		if (strcasecmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}

static const char *
value_of(const struct ci_step *s, const char *name)
{
	const struct ci_variable *v = input_of(s, name);
	return v != NULL ? v->value : NULL;
}

static enum assay_status
add_cache(struct gh *g, struct ci_job *j, const struct ci_step *s, unsigned use, const char *key)
{
	struct ci_cache *c = NULL;
	TRY(ci_alloc(g->w, sizeof *c, &c));
	*c = (struct ci_cache){ use, key, s->uses->name, s->place, j->caches };
	j->caches = c;
	return ASSAY_OK;
}

/* "false", "", or a lookup that reads only. */
static bool
is_off(const char *value)
{
	return value != NULL && (value[0] == '\0' || strcasecmp(value, "false") == 0);
}

static enum assay_status
derive_caches(struct gh *g, struct ci_job *j, const struct ci_step *s, unsigned traits)
{
	const unsigned both = CI_CACHE_RESTORE | CI_CACHE_SAVE;
	const char *cache = value_of(s, "cache");
	if ((traits & GH_CACHE) != 0)
		return add_cache(g, j, s, both, value_of(s, "key"));
	if ((traits & GH_CACHE_RESTORE) != 0)
		return add_cache(g, j, s, CI_CACHE_RESTORE, value_of(s, "key"));
	if ((traits & GH_CACHE_SAVE) != 0)
		return add_cache(g, j, s, CI_CACHE_SAVE, value_of(s, "key"));
	if ((traits & GH_CACHE_INPUT) != 0 && cache != NULL && !is_off(cache))
		return add_cache(g, j, s, both, NULL);
	if ((traits & GH_CACHE_DEFAULT) != 0 && !is_off(cache))
		return add_cache(g, j, s, both, NULL);
	return ASSAY_OK;
}

static enum assay_status
derive_artifacts(struct gh *g, struct ci_job *j, const struct ci_step *s, unsigned traits)
{
	struct ci_artifact *a = NULL;
	if ((traits & (GH_UPLOAD | GH_DOWNLOAD | GH_DOWNLOAD_OTHER)) == 0)
		return ASSAY_OK;
	TRY(ci_alloc(g->w, sizeof *a, &a));
	a->name = value_of(s, "name");
	a->download = (traits & GH_UPLOAD) == 0;
	a->other_run = (traits & GH_DOWNLOAD_OTHER) != 0 || (a->download && input_of(s, "run-id") != NULL);
	a->place = s->place;
	a->next = j->artifacts;
	j->artifacts = a;
	return ASSAY_OK;
}

static enum assay_status
derive_action(struct gh *g, struct ci_job *j, struct ci_step *s)
{
	static const struct {
		enum gh_trait trait;
		enum ci_duty duty;
	} duties[] = { { GH_TEST, CI_DUTY_TEST }, { GH_ANALYSIS, CI_DUTY_ANALYSIS }, { GH_ASSAY, CI_DUTY_ASSAY },
		{ GH_PUBLISH, CI_DUTY_PUBLISH } };
	unsigned traits = gh_traits(s->uses->name);
	for (size_t i = 0; i < COUNT(duties); i++)
		s->duties |= (traits & duties[i].trait) != 0 ? duties[i].duty : 0;
	if ((traits & GH_CHECKOUT) != 0) {
		s->checkout = true;
		s->checkout_ref = value_of(s, "ref");
		s->keeps_credentials = value_of(s, "persist-credentials") == NULL || !is_off(value_of(s, "persist-credentials"));
	}
	TRY(derive_caches(g, j, s, traits));
	return derive_artifacts(g, j, s, traits);
}

static bool
is_shell(const char *shell)
{
	return shell == NULL || strncmp(shell, "bash", 4) == 0 || strncmp(shell, "sh", 2) == 0;
}

/* GitHub runs "bash -e" where no shell is named, "bash -eo pipefail" and "sh -e" for these two, and any other as it is written. */
static struct ci_shell
shell_of(const char *shell)
{
	struct ci_shell told = { .errexit = true };
	if (shell == NULL || strcmp(shell, "sh") == 0)
		return told;
	told.pipefail = strcmp(shell, "bash") == 0;
	told.errexit = !CATCH(gh_shell_goes_on, strcmp(shell, "bash") != 0);
	ci_shell_told(shell, &told);
	return told;
}

static enum assay_status
derive_command(struct gh *g, struct ci_step *s)
{
	struct ci_command c = { 0 };
	struct ci_shell shell = shell_of(s->shell);
	if (is_shell(s->shell))
		TRY(ci_command_look(s->command, &shell, g->f->arena, &c, g->w->err));
	s->unread = !c.read;
	s->duties = c.duties;
	s->soft_duties = c.soft;
	s->runs_line = c.runs_line;
	s->fetches_line = c.fetches_line;
	s->pushes = c.pushes;
	s->talks = c.talks;
	if (c.runs != NULL)
		TRY(ci_keep(g->w, c.runs, &s->runs));
	return c.fetches != NULL ? ci_keep(g->w, c.fetches, &s->fetches) : ASSAY_OK;
}

static enum assay_status
read_step(struct gh *g, const struct yaml_node *n, struct ci_job *j)
{
	struct ci_step *s = NULL;
	bool run = n->kind == YAML_MAPPING && yaml_get(n, "run") != NULL;
	bool uses = n->kind == YAML_MAPPING && yaml_get(n, "uses") != NULL;
	if (run == uses)
		return gh_wrong(g, n, run ? "a step with both 'run' and 'uses'" : "a step with neither 'run' nor 'uses'");
	TRY(ci_step_new(g->w, j, ci_at(g->f, n), &s));
	TRY(gh_mapping(g, n, "a step", step_keys, COUNT(step_keys), s));
	if (s->uses != NULL) {
		s->place = s->uses->place;
		TRY(derive_action(g, j, s));
		if (s->checkout || (gh_traits(s->uses->name) & (GH_DOWNLOAD | GH_DOWNLOAD_OTHER | GH_FETCHES)) != 0)
			TRY(gh_checkout(g, yaml_get(n, "with"), s));
	} else if (s->command != NULL) {
		s->place = s->command_place;
		g->w->model->command_count++;
		TRY(derive_command(g, s));
	}
	j->duties |= s->may_fail ? 0 : s->duties;
	j->soft_duties |= s->soft_duties | (s->may_fail ? s->duties : 0);
	return ASSAY_OK;
}

enum assay_status
gh_steps(struct gh *g, const struct yaml_node *n, void *into)
{
	if (n->kind != YAML_SEQUENCE)
		return gh_wrong(g, n, "'steps' isn't a list");
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
		TRY(read_step(g, c, into));
	return gh_checkouts(g);
}
