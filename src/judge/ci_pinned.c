/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.pinned: what pipelines take from others is named by digest, and the comments beside digests don't contradict each other.
 */
#include "ci.h"
#include "dep.h"
#include "rows.h"

#include <stdlib.h>

static const char *const words[] = { [CI_REF_ACTION] = "action", [CI_REF_PIPELINE] = "called pipeline", [CI_REF_IMAGE] = "image",
	[CI_REF_INCLUDE] = "include", [CI_REF_COMPONENT] = "component", [CI_REF_TEMPLATE] = "template",
	[CI_REF_REPOSITORY] = "repository" };

/* What another project, a server or the forge itself holds, with a mend of its own kind. */
static enum assay_status
judge_include(const struct ci_state *s, const struct ci_ref *r)
{
	return ci_gap(s, r->pin == CI_PIN_NAME ? "by-name" : "without-version", r->place, r->text,
	    "%s '%.200s' is named by %.100s, so that what it holds can change without this repository; mend: %.200s", words[r->kind],
	    r->text, r->version != NULL ? r->version : "no version", r->mend);
}

static enum assay_status
judge_ref(const struct ci_state *s, const struct ci_ref *r)
{
	const char *what = words[r->kind];
	bool image = r->kind == CI_REF_IMAGE;
	if (r->mend != NULL && r->pin != CI_PIN_DIGEST)
		return judge_include(s, r);
	if (CATCH(ci_ref_by_name, r->pin == CI_PIN_NAME && !image))
		return ci_gap(s, "by-name", r->place, r->text,
		    "%s '%.200s' is named by '%.100s', which can be moved to other code; mend: %.200s@FULL-COMMIT-ID # %.100s", what, r->text,
		    r->version != NULL ? r->version : "", r->name, r->version != NULL ? r->version : "");
	if (CATCH(ci_ref_short, r->pin == CI_PIN_COMMIT_SHORT))
		return ci_gap(s, "short-commit", r->place, r->text,
		    "%s '%.200s' is named by a shortened commit id, which isn't one commit's alone", what, r->text);
	if (CATCH(ci_image_by_tag, r->pin == CI_PIN_NAME && image))
		return ci_gap(s, "image-by-tag", r->place, r->text,
		    "image '%.200s' is named by a tag, which can be moved to other content; mend: %.200s@sha256:DIGEST", r->text, r->text);
	if (CATCH(ci_ref_without_version, r->pin == CI_PIN_NOTHING))
		return ci_gap(s, image ? "image-by-tag" : "without-version", r->place, r->text,
		    "%s '%.200s' names no version: what is newest runs; mend: %.200s@%s", what, r->text, r->text,
		    image ? "sha256:DIGEST" : "FULL-COMMIT-ID");
	if (CATCH(ci_ref_unseen, r->pin == CI_PIN_UNSEEN))
		return ci_open(s, "reference-unseen", r->place, r->text, "%s '%.200s': %s", what, r->text,
		    r->why != NULL ? r->why : "what it is can't be told from the tree");
	return ASSAY_OK;
}

/* ---- comments ---- */

struct told {
	const struct ci_ref **items;
	size_t count;
};

/* Only what looks like a version is a claim about it. */
static bool
tells_version(const char *comment)
{
	const char *p = comment != NULL && comment[0] == 'v' ? comment + 1 : comment;
	return p != NULL && p[0] >= '0' && p[0] <= '9' && strpbrk(p, " \t") == NULL;
}

static int
by_digest(const void *left, const void *right)
{
	const struct ci_ref *const *a = left;
	const struct ci_ref *const *b = right;
	int cmp = strcmp((*a)->name, (*b)->name);
	return cmp != 0 ? cmp : strcmp((*a)->version, (*b)->version);
}

static int
by_comment(const void *left, const void *right)
{
	const struct ci_ref *const *a = left;
	const struct ci_ref *const *b = right;
	int cmp = strcmp((*a)->name, (*b)->name);
	return cmp != 0 ? cmp : strcmp((*a)->comment, (*b)->comment);
}

/* One digest is one version, and one version one digest: what can be held against each other without a network. */
static enum assay_status
judge_comments(const struct ci_state *s, const struct told *t)
{
	qsort(t->items, t->count, sizeof *t->items, by_digest);
	for (size_t i = 1; i < t->count; i++) {
		const struct ci_ref *a = t->items[i - 1], *b = t->items[i];
		if (CATCH(ci_comment_differs, by_digest(&a, &b) == 0 && strcmp(a->comment, b->comment) != 0))
			TRY(ci_gap(s, "comment-contradicts", b->place, b->text,
			    "the same commit of '%.100s' is called '%.40s' here and '%.40s' in %.100s:%u", b->name, b->comment, a->comment,
			    a->place.file, a->place.line));
	}
	qsort(t->items, t->count, sizeof *t->items, by_comment);
	for (size_t i = 1; i < t->count; i++) {
		const struct ci_ref *a = t->items[i - 1], *b = t->items[i];
		if (CATCH(ci_comment_twice, by_comment(&a, &b) == 0 && strcmp(a->version, b->version) != 0))
			TRY(ci_gap(s, "comment-contradicts", b->place, b->text,
			    "'%.100s' is called '%.40s' here and in %.100s:%u, and they are two commits", b->name, b->comment,
			    a->place.file, a->place.line));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "by-name", "name it by the full commit id, with the version as a comment: git ls-remote https://github.com/OWNER/REPO VERSION" },
	{ "image-by-tag", "name it by digest: docker buildx imagetools inspect IMAGE:TAG prints it" },
	{ "image-elsewhere", "bring the file into the repository, or name a repository by '#' and its full commit id" },
	{ "comment-contradicts", "look up which version the commit is (git ls-remote), and correct the other place" },
	{ NULL, "name each part of others by a full commit id or a digest that is written out" },
};

enum assay_status
judge_ci_pinned(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct ci_state s = ci_begin(c, v, err);
	struct told t = { arena_array(c->arena, s.m->ref_count + 1, sizeof *t.items), 0 };
	size_t digests = 0;
	if (t.items == NULL)
		return arena_full(err);
	for (const struct ci_ref *r = s.m->refs; r != NULL; r = r->next_all) {
		TRY(judge_ref(&s, r));
		digests += r->pin == CI_PIN_DIGEST;
		if (r->pin == CI_PIN_DIGEST && r->version != NULL && tells_version(r->comment))
			t.items[t.count++] = r;
	}
	TRY(judge_comments(&s, &t));
	const struct dep_model *deps = judge_dep_tree(c) != NULL ? judge_dep_tree(c)->deps : NULL;
	if (deps != NULL)
		TRY(judge_dep_findings(c, v, DEP_PIPELINES, err));
	judge_count(v, "images that commands take", deps != NULL ? deps->judged[DEP_PIPELINES] : 0);
	judge_count(v, "parts of others", s.m->ref_count);
	judge_count(v, "named by digest", digests);
	judge_count(v, "comments not looked up, for want of a network", t.count);
	const char *reason = arena_printf(c->arena,
	    "every part of others is named by digest; whether the versions in %zu comments are theirs can't be looked up offline, and no two contradict each other",
	    t.count);
	if (reason == NULL)
		return arena_full(err);
	return ci_end(&s, CI_PINNED, reason, advice);
}
