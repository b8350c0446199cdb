/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.pinned: whose parts a pipeline takes, and what says which version.
 */
#include "gitlab.h"

#include <base/buf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define NAME_MAX 128
#define TEXT_MAX 4096
/* Variables inside variables. */
#define EXPAND_MAX 8
/* Images that one name stands for in a matrix. */
#define VALUES_MAX 64

static const char *
mend_of(enum ci_ref_kind kind, const char *text)
{
	if (kind == CI_REF_TEMPLATE)
		return "copy it into the repository, and include: [{ local: /ci/NAME.yml }]";
	if (kind == CI_REF_INCLUDE)
		return strstr(text, "://") != NULL ? "integrity: sha256-BASE64" : "ref: FULL-COMMIT-ID";
	return NULL;
}

enum assay_status
gl_ref_include(struct gl *g, enum ci_ref_kind kind, const char *text, const char *version, struct ci_place at)
{
	struct ci_ref *ref = NULL;
	TRY(ci_ref_new(g->w, kind, text, at, &ref));
	ref->name = ref->text;
	ref->pin = CI_PIN_NOTHING;
	ref->mend = mend_of(kind, text);
	if (version == NULL)
		return ASSAY_OK;
	bool digest = ci_is_commit(version) || strncmp(version, "sha256-", 7) == 0;
	ref->pin = digest ? CI_PIN_DIGEST : CI_PIN_NAME;
	return ci_keep(g->w, version, &ref->version);
}

/* ---- variables in names ---- */

struct expansion {
	struct gl *g;
	const struct gl_node *variables, *combination; /* of a matrix: one of its mappings, or NULL */
	size_t choice;  /* which value of a list in the matrix */
	size_t choices; /* how many the longest list has */
	bool unknown;
};

static const struct gl_node *
variable(struct expansion *x, const char *name)
{
	const struct gl_node *n = gl_get(x->combination, name);
	if (n != NULL && n->kind == YAML_SEQUENCE && n->count > 0) {
		x->choices = n->count > x->choices ? n->count : x->choices;
		return n->pairs[x->choice % n->count].value;
	}
	if (n == NULL)
		n = gl_get(x->variables, name);
	return n != NULL && n->kind == YAML_MAPPING ? gl_get(n, "value") : n;
}

static void
expand(struct expansion *x, const char *text, unsigned depth, struct buf *out)
{
	while (*text != '\0') {
		char name[NAME_MAX];
		size_t braced = text[0] == '$' && text[1] == '{', n;
		const char *p = text + 1 + braced;
		n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
		if (*text != '$' || n == 0 || n >= sizeof name) {
			buf_add_byte(out, (unsigned char)*text++);
			continue;
		}
		memcpy(name, p, n);
		name[n] = '\0';
		text = p + n + (braced && p[n] == '}');
		const char *value = gl_text(variable(x, name));
		if (value == NULL || depth == EXPAND_MAX) {
			x->unknown = true;
			buf_addf(out, "$%s", name);
		} else {
			expand(x, value, depth + 1, out);
		}
	}
}

/* Whether the name that is left says so little that even its digest may be in a variable. */
static bool
is_open(const char *text)
{
	static const char own[] = "$CI_REGISTRY_IMAGE";
	const char *last = strrchr(text, '/');
	last = last == NULL ? text : last + 1;
	return strstr(text, "@$") != NULL || (last[0] == '$' && strchr(last, ':') == NULL && strcmp(last, own) != 0);
}

/* Whether this place was told already: of every job that takes its image from there. */
static bool
was_told(struct gl *g, const char *text, struct ci_place at)
{
	for (const struct ci_ref *r = g->w->model->refs; r != NULL; r = r->next_all) {
		if (r->place.line == at.line && r->place.file == at.file && r->kind == CI_REF_IMAGE
		    && (r->pin != CI_PIN_DIGEST || strcmp(r->text, text) == 0))
			return true;
		if (!gl_work(g, 1))
			return true;
	}
	return false;
}

static enum assay_status
add_image(struct expansion *x, const char *text, struct ci_place at, struct ci_job *j, bool *ret_pinned)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(TEXT_MAX);
	struct ci_ref *ref = NULL;
	*ret_pinned = false;
	expand(x, text, 0, &out);
	if (out.status == ASSAY_E_LIMIT)
		return ci_ask(x->g->w, CI_PINNED, "image-unread", at, "the name of an image that is too long");
	TRY(buf_status(&out, "image", x->g->w->err));
	*ret_pinned = strstr(buf_str(&out), "@sha256:") != NULL;
	if (was_told(x->g, buf_str(&out), at))
		return ASSAY_OK;
	TRY(ci_image(x->g->w, buf_str(&out), at, &ref));
	*ret_pinned = ref->pin == CI_PIN_DIGEST;
	if (x->unknown && ref->pin == CI_PIN_UNSEEN && !is_open(buf_str(&out)))
		ref->pin = CI_PIN_NAME;
	if (j != NULL && j->images == NULL)
		j->images = ref;
	return ASSAY_OK;
}

/* With these variables: one finding a place, the first value of a matrix that isn't pinned stands for all. */
static enum assay_status
image_with(struct gl *g, const struct gl_node *job, const struct gl_node *n, const struct gl_node *variables, struct ci_job *j)
{
	const struct gl_node *matrix = gl_get(gl_get(job, "parallel"), "matrix");
	size_t rows = gl_count(matrix);
	for (size_t row = 0; row == 0 || (row < rows && row < VALUES_MAX); row++) {
		struct expansion x = { .g = g, .variables = variables, .combination = rows > 0 ? gl_item(matrix, row) : NULL };
		for (x.choice = 0; x.choice == 0 || (x.choice < x.choices && x.choice < VALUES_MAX); x.choice++) {
			bool pinned;
			TRY(add_image(&x, gl_text(n), n->place, j, &pinned));
			if (!pinned)
				return ASSAY_OK;
		}
	}
	return ASSAY_OK;
}

/* Each rule that may hold can set other variables. */
static enum assay_status
image_by_rules(struct gl *g, const struct gl_node *job, const struct gl_node *n, const struct gl_node *rules, struct ci_job *j)
{
	const struct gl_node *own = gl_get(job, "variables"), *all;
	for (size_t i = 0; i < gl_count(rules) && i < VALUES_MAX; i++) {
		const struct gl_node *variables = gl_get(gl_item(rules, i), "variables");
		if (!CATCH(gl_image_by_rules, variables != NULL && variables->kind == YAML_MAPPING) || !gl_work(g, 1))
			continue;
		if (own == NULL || own->kind != YAML_MAPPING)
			all = variables;
		else
			TRY(gl_merge(g, own, variables, &all));
		TRY(image_with(g, job, n, all, j));
	}
	return ASSAY_OK;
}

static enum assay_status
one_image(struct gl *g, const struct gl_node *job, const struct gl_node *n, struct ci_job *j)
{
	const struct gl_node *workflow = gl_get(g->root, "workflow");
	if (gl_text(n) == NULL)
		return ASSAY_OK;
	TRY(image_with(g, job, n, gl_get(job, "variables"), j));
	if (strchr(n->text, '$') == NULL)
		return ASSAY_OK;
	/* The pipeline's rules stand over its variables, which are among the job's here. */
	TRY(image_by_rules(g, job, n, gl_get(workflow, "rules"), j));
	return image_by_rules(g, job, n, gl_get(job, "rules"), j);
}

static const struct gl_node *
name_of(const struct gl_node *n)
{
	return n != NULL && n->kind == YAML_MAPPING ? gl_get(n, "name") : n;
}

enum assay_status
gl_images(struct gl *g, const struct gl_node *job, struct ci_job *j)
{
	const struct gl_node *services = gl_get(job, "services");
	TRY(one_image(g, job, name_of(gl_get(job, "image")), j));
	for (size_t i = 0; services != NULL && services->kind == YAML_SEQUENCE && i < services->count; i++)
		TRY(one_image(g, job, name_of(services->pairs[i].value), j));
	return ASSAY_OK;
}
