/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.pinned: repositories beside the project's own that a checkout or a download takes, in jobs that may run or ship what lies there.
 */
#include "github_work.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SHORT_ID_MIN 7

struct gh_checkout {
	const struct yaml_node *with;
	const struct ci_step *step;
	struct gh_checkout *next;
};

enum assay_status
gh_checkout(struct gh *g, const struct yaml_node *with, const struct ci_step *s)
{
	if (with == NULL || with->kind != YAML_MAPPING)
		return ASSAY_OK;
	struct gh_checkout *c = arena_alloc(g->f->arena, sizeof *c);
	if (c == NULL)
		return arena_full(g->w->err);
	*c = (struct gh_checkout){ with, s, g->checkouts };
	g->checkouts = c;
	return ASSAY_OK;
}

/* Inputs have their names in any case of letters. */
static const struct yaml_node *
find_input(const struct gh_checkout *c, const char *name)
{
	for (const struct yaml_node *n = c->with->first; n != NULL; n = n->next) {
		if (n->key != NULL && strcasecmp(n->key, name) == 0)
			return n->kind == YAML_SCALAR && n->text_len > 0 ? n : NULL;
	}
	return NULL;
}

/* "repository" of a checkout is "repo" of others. */
static const struct yaml_node *
input(const struct gh_checkout *c, const char *name)
{
	const struct yaml_node *n = find_input(c, name);
	return n == NULL && strcmp(name, "repository") == 0 && !c->step->checkout ? find_input(c, "repo") : n;
}

/* Whether all of the text is one expression, and that one of these paths. */
static bool
is_path(struct gh *g, const struct yaml_node *n, const char *const *paths, size_t count)
{
	size_t cursor = 0;
	struct expr_piece piece;
	struct expr *e = NULL;
	char path[EXPR_PATH_MAX];
	bool closed = false;
	if (!expr_next(n->text, &cursor, &piece, &closed) || !closed || piece.begin != 0 || n->text[piece.end] != '\0'
	    || expr_parse(piece.inner, g->f->arena, &e, NULL) != ASSAY_OK || !expr_path(e, path, sizeof path))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(paths[i], path) == 0)
			return true;
	}
	return false;
}

/* This repository by any of its names; that of a pull request's author is ci.untrusted-code's to judge. */
static bool
is_own(struct gh *g, const struct gh_checkout *c)
{
	static const char *const own[] = { "github.repository", "github.event.repository.full_name",
		"github.event.pull_request.base.repo.full_name", "github.event.pull_request.head.repo.full_name",
		"github.event.workflow_run.repository.full_name", "github.event.workflow_run.head_repository.full_name" };
	static const char *const here[] = { "github.server_url" };
	const struct yaml_node *repository = input(c, "repository"), *server = input(c, "github-server-url");
	return (repository == NULL || is_path(g, repository, own, COUNT(own))) && (server == NULL || is_path(g, server, here, COUNT(here)));
}

enum use { USE_NONE, USE_OPEN, USE_SURE };

/* Whether what lies in the work folder may run in this step, or go out with it. */
static enum use
use_of(const struct ci_step *s)
{
	if (s->uses == NULL)
		return s->unread || s->runs != NULL || ((s->duties | s->soft_duties) & CI_DUTY_PUBLISH) != 0 ? USE_SURE : USE_NONE;
	unsigned traits = gh_traits(s->uses->name);
	if (s->uses->pin == CI_PIN_OWN || (traits & (GH_BUILDS | GH_PUBLISH | GH_UPLOAD)) != 0)
		return USE_SURE;
	return (traits & GH_TAME) != 0 ? USE_NONE : USE_OPEN;
}

/* What the steps behind it do. An action's callers go on with what it leaves. */
static enum use
use_behind(const struct gh *g, const struct ci_step *s)
{
	enum use use = g->pipeline != NULL && g->pipeline->action ? USE_SURE : USE_NONE;
	for (s = s->next; s != NULL && use != USE_SURE; s = s->next) {
		enum use found = use_of(s);
		use = found > use ? found : use;
	}
	return use;
}

struct taken {
	const char *name;
	enum use use;
	const struct yaml_node *ref; /* or NULL */
};

static enum assay_status
add_taken(struct gh *g, const char *version, struct ci_place at, bool unseen, void *into)
{
	const struct taken *t = into;
	struct ci_ref *r = NULL;
	const char *text = arena_printf(g->f->arena, "%s%s%s", t->name, version[0] != '\0' ? "@" : "", version);
	size_t len = strlen(version);
	if (text == NULL)
		return arena_full(g->w->err);
	TRY(ci_ref_new(g->w, CI_REF_REPOSITORY, text, at, &r));
	TRY(ci_keep(g->w, t->name, &r->name));
	unseen |= strstr(t->name, "${{") != NULL;
	if (len == 0 && !unseen && t->use == USE_SURE) {
		r->mend = "ref: FULL-COMMIT-ID";
		return ASSAY_OK;
	}
	TRY(ci_keep(g->w, version, &r->version));
	if (ci_is_commit(version)) {
		r->pin = CI_PIN_DIGEST;
		return t->ref != NULL ? gh_comment(g, t->ref, &r->comment) : ASSAY_OK;
	}
	if (unseen || t->use == USE_OPEN) {
		r->pin = CI_PIN_UNSEEN;
		r->why = unseen ? "which repository or commit it is, is computed when the pipeline runs"
		    : "whether the actions behind it run what lies there can't be told from the tree, and it is named by no full commit id";
		return ASSAY_OK;
	}
	bool id = len >= SHORT_ID_MIN && len < 40 && strspn(version, "0123456789abcdef") == len;
	r->pin = id ? CI_PIN_COMMIT_SHORT : CI_PIN_NAME;
	r->mend = id ? NULL : "ref: FULL-COMMIT-ID";
	return ASSAY_OK;
}

/* What runs and releases of others leave has no name by its content. */
static enum assay_status
add_artifact(struct gh *g, const char *name, struct ci_place at)
{
	struct ci_ref *r = NULL;
	TRY(ci_ref_new(g->w, CI_REF_REPOSITORY, name, at, &r));
	r->pin = CI_PIN_UNSEEN;
	r->why = "what a run or a release of it has left is brought in, and nothing names its content";
	return ASSAY_OK;
}

static enum assay_status
look_at(struct gh *g, const struct gh_checkout *c)
{
	const struct yaml_node *repository = input(c, "repository");
	struct taken t = { repository != NULL ? repository->text : "what the other server has", use_behind(g, c->step), input(c, "ref") };
	bool other = !is_own(g, c) && t.use != USE_NONE;
	const struct yaml_node *named = repository != NULL ? repository : input(c, "github-server-url");
	struct ci_place where = named != NULL ? gh_place(g, named, 0) : c->step->place;
	if (CATCH(gh_other_artifact, other && !c->step->checkout))
		return add_artifact(g, t.name, where);
	if (!CATCH(gh_other_repository, other && c->step->checkout))
		return ASSAY_OK;
	if (t.ref == NULL)
		return add_taken(g, "", where, false, &t);
	return gh_expand(g, t.ref, add_taken, &t);
}

enum assay_status
gh_checkouts(struct gh *g)
{
	for (const struct gh_checkout *c = g->checkouts; c != NULL; c = c->next)
		TRY(look_at(g, c));
	g->checkouts = NULL;
	return ASSAY_OK;
}
