/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: whether the commits that the provenance names are the release's.
 */
#include "traced.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* "git+https://me@example.org/pump.git@main" is of the project "example.org/pump". */
static struct assay_span
project_of(const char *uri)
{
	const char *scheme = strstr(uri, "://");
	const char *text = scheme == NULL ? uri : scheme + 3;
	const char *user = strchr(text, '@');
	if (user != NULL && user < text + strcspn(text, "/"))
		text = user + 1;
	struct assay_span p = { (const unsigned char *)text, strcspn(text, "@#?") };
	while (p.len > 0 && p.data[p.len - 1] == '/')
		p.len--;
	if (p.len > 4 && memcmp(p.data + p.len - 4, ".git", 4) == 0)
		p.len -= 4;
	return p;
}

static bool
is_text(struct assay_span a, const char *b)
{
	return b != NULL && assay_span_equal(a, assay_span_str(b));
}

static bool
is_same_project(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return true;
	const struct assay_span x = project_of(a), y = project_of(b);
	for (size_t i = 0; i < x.len && x.len == y.len; i++) {
		const char one = x.data[i] == ':' ? '/' : text_lower((char)x.data[i]), other = y.data[i] == ':' ? '/' : text_lower((char)y.data[i]);
		if (one != other)
			return false;
	}
	return x.len == y.len;
}

/* Whether the list names the release's commit for the project of this address. */
static bool
is_of_release(const struct traced *s, const struct jsontree *list, const char *uri)
{
	for (const struct jsontree *x = list->first; x != NULL; x = x->next)
		if (is_text(s->b->seal->release.commit, jsontree_str(jsontree_get(x, "digest"), "gitCommit")) &&
		    is_same_project(uri, jsontree_str(x, "uri")))
			return true;
	return false;
}

/*
 * *ret_named: it names commits at all; *ret_same: the release's is among them, and each other one is of another project, which the build
 * may have taken over. Of those s counts how many there are.
 */
static void
compare_sources(struct traced *s, const struct jsontree *statement, bool *ret_named, bool *ret_same)
{
	const struct jsontree *build = jsontree_get(jsontree_get(statement, "predicate"), "buildDefinition");
	const struct jsontree *list = jsontree_get(build, "resolvedDependencies");
	bool other = false, same = false;
	*ret_named = false;
	for (const struct jsontree *x = list == NULL ? NULL : list->first; x != NULL; x = x->next) {
		const char *commit = jsontree_str(jsontree_get(x, "digest"), "gitCommit");
		const bool is = is_text(s->b->seal->release.commit, commit);
		*ret_named = *ret_named || commit != NULL;
		same = same || is;
		if (commit == NULL || is)
			continue;
		if (CATCH(traced_provenance_two_commits, is_of_release(s, list, jsontree_str(x, "uri"))))
			other = true;
		else
			s->taken++;
	}
	*ret_same = same && !other;
}

enum assay_status
traced_judge_commits(struct traced *s, const struct jsontree *statement)
{
	bool named = false, same = false;
	compare_sources(s, statement, &named, &same);
	if (CATCH(traced_provenance_source, !named))
		return traced_say(s, false, "provenance-no-source", "provenance.json", "its provenance names no commit");
	if (CATCH(traced_provenance_commit, named && !same))
		return traced_say(s, true, "provenance-other-commit", "provenance.json", "its provenance names another commit than the release does");
	if (s->taken > 0)
		judge_count(s->b->v, "commits of other projects", s->taken);
	return ASSAY_OK;
}
