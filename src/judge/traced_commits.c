/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: whether the commits that the provenance names are the release's.
 */
#include "traced.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <stdlib.h>
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

/* ---- what the build was asked for ---- */

#define PROJECT_MAX 512u
#define HEX "0123456789abcdefABCDEF"
#define SHA1_DIGITS 40u
#define SHA256_DIGITS 64u

/* A digest of something that the build took. */
struct source {
	const char *digest; /* SHA1_DIGITS or SHA256_DIGITS digits, in lower case */
	const char *project; /* spelled so that equal ones are the same; "" where it has none, or none that is compared */
	bool is_commit;
	bool is_asked_for; /* the build's parameters name the project */
};

struct build_sources {
	const struct traced *s;
	struct source *list; /* by digest, then by project */
	struct source **by_project;
	size_t count;
	const char *strange; /* a commit that the parameters name and nothing explains, or NULL */
};

/* *ret_text is "" for what is no project, or too long to be held against others. */
static void
spell_project(const char *uri, char ret_text[PROJECT_MAX])
{
	const struct assay_span p = project_of(uri);
	const size_t len = p.len < PROJECT_MAX ? p.len : 0;
	for (size_t i = 0; i < len; i++)
		ret_text[i] = p.data[i] == ':' ? '/' : text_lower((char)p.data[i]);
	ret_text[len] = '\0';
}

static bool
is_full(size_t digits)
{
	return digits == SHA1_DIGITS || digits == SHA256_DIGITS;
}

static char *
in_lower_case(struct arena *arena, struct assay_span text)
{
	char *copy = arena_copy(arena, text);
	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = text_lower(*c);
	return copy;
}

static int
by_digest(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	return strcmp(x->digest, y->digest);
}

static int
by_both(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	const int order = by_digest(x, y);
	return order != 0 ? order : strcmp(x->project, y->project);
}

static int
by_project(const void *a, const void *b)
{
	const struct source *const *x = a, *const *y = b;
	return strcmp((*x)->project, (*y)->project);
}

/* All full digests of one dependency. */
static enum assay_status
add_sources(struct build_sources *a, const struct jsontree *dependency)
{
	struct arena *arena = a->s->b->c->arena;
	const struct jsontree *digests = jsontree_get(dependency, "digest");
	const char *uri = jsontree_str(dependency, "uri");
	char project[PROJECT_MAX];
	spell_project(uri == NULL ? "" : uri, project);
	for (const struct jsontree *d = digests == NULL || digests->kind != JSONTREE_OBJECT ? NULL : digests->first; d != NULL; d = d->next) {
		if (d->kind != JSONTREE_STRING || !is_full(strlen(d->text)))
			continue;
		struct source *new = &a->list[a->count];
		*new = (struct source){ .digest = in_lower_case(arena, assay_span_str(d->text)), .project = arena_copy(arena, assay_span_str(project)),
			.is_commit = strcmp(d->key, "gitCommit") == 0 };
		if (new->digest == NULL || new->project == NULL)
			return arena_full(a->s->b->err);
		a->count++;
	}
	return ASSAY_OK;
}

static enum assay_status
list_sources(struct build_sources *a, const struct jsontree *list)
{
	size_t room = 1;
	for (const struct jsontree *x = list == NULL ? NULL : list->first; x != NULL; x = x->next) {
		const struct jsontree *digests = jsontree_get(x, "digest");
		room += digests == NULL ? 0 : digests->count;
	}
	a->list = arena_array(a->s->b->c->arena, room, sizeof a->list[0]);
	a->by_project = arena_array(a->s->b->c->arena, room, sizeof(struct source *));
	if (a->list == NULL || a->by_project == NULL)
		return arena_full(a->s->b->err);
	for (const struct jsontree *x = list == NULL ? NULL : list->first; x != NULL; x = x->next)
		TRY(add_sources(a, x));
	qsort(a->list, a->count, sizeof a->list[0], by_both);
	for (size_t i = 0; i < a->count; i++)
		a->by_project[i] = &a->list[i];
	qsort(a->by_project, a->count, sizeof(struct source *), by_project);
	return ASSAY_OK;
}

/* Text that names a project too explains a commit by a dependency of that project alone. */
static bool
is_explained(const struct build_sources *a, const char *id, const char *text)
{
	char project[PROJECT_MAX] = "";
	const bool is_uri = strstr(text, "://") != NULL;
	if (is_uri)
		spell_project(text, project);
	const struct source wanted = { .digest = id, .project = project };
	return is_text(a->s->b->seal->release.commit, id) ||
	    (a->count > 0 && bsearch(&wanted, a->list, a->count, sizeof wanted, is_uri ? by_both : by_digest) != NULL);
}

/* Whether the digits at this place say of themselves that they are the digest of something else. */
static bool
is_of_content(const char *text, const char *at, size_t digits, const char *key)
{
	static const char word[] = "sha256";
	const size_t before = (size_t)(at - text), len = sizeof word; /* one separator behind it */
	return digits == SHA256_DIGITS && ((key != NULL && strcmp(key, word) == 0) || (before >= len && memcmp(at - len, word, len - 1) == 0));
}

static enum assay_status
look_for_commits(struct build_sources *a, const char *text, const char *key)
{
	for (const char *at = text + strcspn(text, HEX); *at != '\0' && a->strange == NULL; at += strcspn(at, HEX)) {
		const size_t digits = strspn(at, HEX);
		if (is_full(digits) && !is_of_content(text, at, digits, key)) {
			const char *id = in_lower_case(a->s->b->c->arena, (struct assay_span){ (const unsigned char *)at, digits });
			if (id == NULL)
				return arena_full(a->s->b->err);
			if (!is_explained(a, id, text))
				a->strange = id;
		}
		at += digits;
	}
	return ASSAY_OK;
}

static bool
mark_at(const struct build_sources *a, size_t at, const char *project)
{
	const bool is = at < a->count && !a->by_project[at]->is_asked_for && strcmp(a->by_project[at]->project, project) == 0;
	if (is)
		a->by_project[at]->is_asked_for = true;
	return is;
}

static void
mark_project(const struct build_sources *a, const char *text)
{
	char project[PROJECT_MAX];
	spell_project(text, project);
	const struct source wanted = { .digest = "", .project = project }, *key = &wanted;
	struct source *const *hit = a->count == 0 || project[0] == '\0' ? NULL
	    : bsearch(&key, a->by_project, a->count, sizeof(struct source *), by_project);
	if (hit == NULL)
		return;
	/* Equal ones lie side by side; below 0 a number is larger than all. They are marked at once, or were. */
	const size_t at = (size_t)(hit - (struct source *const *)a->by_project);
	for (size_t i = at; mark_at(a, i, project); i--)
		;
	for (size_t i = at + 1; mark_at(a, i, project); i++)
		;
}

/* Parameters are of any form that a builder likes: each text in them counts, and each name. */
static enum assay_status
look_through(struct build_sources *a, const struct jsontree *value)
{
	if (value->key != NULL)
		TRY(look_for_commits(a, value->key, NULL));
	if (value->kind == JSONTREE_STRING) {
		TRY(look_for_commits(a, value->text, value->key));
		mark_project(a, value->text);
	}
	for (const struct jsontree *x = value->first; x != NULL; x = x->next)
		TRY(look_through(a, x));
	return ASSAY_OK;
}

/* ---- which of several is the product's own ---- */

static bool
is_asked_for(const struct traced *s, const struct source *x)
{
	(void)s;
	return x->is_asked_for;
}

static bool
bears_its_name(const struct traced *s, const struct source *x)
{
	const char *slash = strrchr(x->project, '/');
	const char *last = slash == NULL ? x->project : slash + 1;
	const struct assay_span name = s->b->seal->release.product;
	bool same = strlen(last) == name.len;
	for (size_t i = 0; same && i < name.len; i++)
		same = last[i] == text_lower((char)name.data[i]);
	return same;
}

/* Leaves those commits of which this is true, or all where it is true of none. */
static void
narrow(struct build_sources *a, bool (*is)(const struct traced *s, const struct source *x))
{
	size_t count = 0;
	for (size_t i = 0; i < a->count; i++)
		count += is(a->s, &a->list[i]);
	if (count == 0)
		return;
	count = 0;
	for (size_t i = 0; i < a->count; i++)
		if (is(a->s, &a->list[i]))
			a->list[count++] = a->list[i];
	a->count = count;
}

static bool
is_commit(const struct traced *s, const struct source *x)
{
	(void)s;
	return x->is_commit;
}

/*
 * No field of the format says which source is the one that was built. It is of those that the parameters ask for, and of these the one
 * that bears the product's name, as far as that tells them apart. *ret_other: one that may be it, of another commit; NULL: there is none.
 */
static void
find_own(struct build_sources *a, const struct source **ret_other)
{
	*ret_other = NULL;
	narrow(a, is_commit);
	narrow(a, is_asked_for);
	narrow(a, bears_its_name);
	for (size_t i = 0; i < a->count && *ret_other == NULL; i++)
		if (!is_text(a->s->b->seal->release.commit, a->list[i].digest))
			*ret_other = &a->list[i];
}

static enum assay_status
judge_sources(const struct traced *s, const struct jsontree *build)
{
	const struct jsontree *parameters = jsontree_get(build, "externalParameters");
	struct build_sources a = { .s = s };
	const struct source *other = NULL;
	TRY(list_sources(&a, jsontree_get(build, "resolvedDependencies")));
	if (parameters != NULL)
		TRY(look_through(&a, parameters));
	if (CATCH(traced_provenance_asked, a.strange != NULL))
		TRY(judge_find(s->b->c, s->b->v, false, "provenance-asked-for-other-commit", "provenance.json", a.strange, s->b->err,
		    "the parameters of its build name %s, which is neither the release's commit nor among what the build took over", a.strange));
	find_own(&a, &other);
	if (CATCH(traced_provenance_whose, s->taken > 0 && other != NULL))
		return judge_find(s->b->c, s->b->v, false, "provenance-source-unclear", "provenance.json", other->digest, s->b->err,
		    "its provenance names sources of several projects, and the product may as well be built from '%s', of which it names commit %s and "
		    "not the release's", other->project, other->digest);
	return ASSAY_OK;
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
	TRY(judge_sources(s, jsontree_get(jsontree_get(statement, "predicate"), "buildDefinition")));
	if (s->taken > 0)
		judge_count(s->b->v, "commits of other projects", s->taken);
	return ASSAY_OK;
}
