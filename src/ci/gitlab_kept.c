/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.least-privilege: secrets that a script writes into what GitLab keeps when the job is over: artifacts and caches.
 */
#include "gitlab_taint.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);
	return n >= m && strcmp(name + n - m, end) == 0;
}

/* A secret that the job asks for, one that GitLab gives every job, or a variable that the tree doesn't set and that is called so. */
static bool
is_secret(const struct gl_flow *f, const char *name)
{
	static const char *const given[] = { "CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD", "CI_REPOSITORY_URL",
		"CI_DEPENDENCY_PROXY_PASSWORD" };
	static const char *const ends[] = { "TOKEN", "PASSWORD", "PASSWD", "SECRET", "API_KEY", "PRIVATE_KEY", "SIGNING_KEY",
		"SECRET_KEY", "ACCESS_KEY", "CREDENTIALS" };
	for (size_t i = 0; i < COUNT(given); i++) {
		if (strcmp(name, given[i]) == 0)
			return true;
	}
	for (const struct ci_secret *s = f->job->model->secrets; s != NULL; s = s->next) {
		if (strcmp(name, s->name) == 0)
			return true;
	}
	if (gl_get(gl_get(f->job->node, "variables"), name) != NULL)
		return false;
	for (size_t i = 0; i < COUNT(ends); i++) {
		if (ends_with(name, ends[i]))
			return true;
	}
	return false;
}

/* The first secret that the shell puts into these words itself. */
static const char *
find_secret(const struct gl_flow *f, const struct shell_word *w)
{
	for (; w != NULL; w = w->next) {
		for (const struct shell_part *p = w->first; p != NULL; p = p->next) {
			if (p->kind == SHELL_VARIABLE && p->op[0] != '#' && is_secret(f, p->text))
				return p->text;
		}
	}
	return NULL;
}

/* ---- what is kept ---- */

static const char *
in_project(const char *file)
{
	static const char *const folders[] = { "./", "$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/" };
	for (size_t i = 0; i < COUNT(folders); i++) {
		if (strncmp(file, folders[i], strlen(folders[i])) == 0)
			file += strlen(folders[i]);
	}
	return file[0] == '/' || file[0] == '~' || file[0] == '$' ? NULL : file;
}

static bool
holds(const struct gl_node *paths, const char *file)
{
	for (size_t i = 0; i < gl_count(paths); i++) {
		const char *path = gl_text(gl_item(paths, i)), *p = path == NULL ? NULL : in_project(path);
		if (p == NULL)
			continue;
		size_t n = strlen(p);
		while (n > 0 && p[n - 1] == '/')
			n--;
		if (n == 0 || (n == 1 && p[0] == '.')
		    || (strncmp(p, file, n) == 0 && (file[n] == '/' || file[n] == '\0'))
		    || text_match(assay_span_str(p), assay_span_str(file)))
			return true;
	}
	return false;
}

static bool
is_kept(const struct gl_flow *f, const char *written)
{
	const struct gl_node *artifacts = gl_get(f->job->node, "artifacts"), *caches = gl_get(f->job->node, "cache");
	const struct gl_node *reports = gl_get(artifacts, "reports");
	const char *file = in_project(written);
	if (file == NULL || file[0] == '\0')
		return false;
	if (holds(gl_get(artifacts, "paths"), file) || gl_is_true(gl_get(artifacts, "untracked")))
		return !holds(gl_get(artifacts, "exclude"), file);
	if (holds(gl_get(reports, "dotenv"), file))
		return true;
	for (size_t i = 0; i < gl_count(caches); i++) {
		if (holds(gl_get(gl_item(caches, i), "paths"), file))
			return true;
	}
	return false;
}

static enum assay_status
remark(struct gl_flow *f, const char *secret, unsigned line)
{
	struct ci_place at = gl_flow_at(f, line);
	for (const struct ci_remark *r = f->g->w->model->remarks; r != NULL; r = r->next) {
		if (r->kind == CI_REMARK_KEPT_SECRET && r->place.file == at.file && r->place.line == at.line)
			return ASSAY_OK;
	}
	return ci_remark(f->g->w, CI_REMARK_KEPT_SECRET, at, secret);
}

/* The secret in what a command puts out: its words, the document that it passes on, or what was piped into "tee". */
static const char *
put_out(const struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c, bool tee)
{
	static const char *const prints[] = { "echo", "printf", "cat", "base64" };
	const char *secret = NULL, *name = shell_name(shell_program(c));
	for (size_t i = 0; secret == NULL && i < COUNT(prints); i++)
		secret = strcmp(prints[i], name) == 0 ? find_secret(f, c->words) : NULL;
	for (const struct shell_redirect *d = c->redirects; secret == NULL && d != NULL; d = d->next)
		secret = d->op[0] == '<' ? find_secret(f, d->target) : NULL;
	return secret == NULL && tee && in->first != c ? find_secret(f, in->first->words) : secret;
}

enum assay_status
gl_kept(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	bool tee = strcmp(shell_name(shell_program(c)), "tee") == 0;
	const char *secret = put_out(f, in, c, tee);
	if (secret == NULL)
		return ASSAY_OK;
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		if (CATCH(gl_secret_kept, d->op[0] == '>') && is_kept(f, d->target->text != NULL ? d->target->text : d->target->raw))
			TRY(remark(f, secret, c->line));
	}
	for (const struct shell_word *w = tee ? c->words : NULL; w != NULL; w = w->next) {
		if (w->text != NULL && w != c->words && w->text[0] != '-' && is_kept(f, w->text))
			TRY(remark(f, secret, c->line));
	}
	return ASSAY_OK;
}
