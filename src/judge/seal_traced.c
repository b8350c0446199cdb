/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: the release names a commit of this history, that commit's whole tree, a bill of materials and provenance, and they
 * agree.
 */
#include "rows.h"
#include "scope.h"
#include "traced.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/dsse.h>
#include <seal/classify.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define PROVENANCE_TYPE "https://slsa.dev/provenance/v1"
#define ENVELOPE_TYPE "application/vnd.in-toto+json"

static const struct judge_advice advice[] = {
	{ "commit-not-in-history", "seal from the repository that it was built from, with the commit that was built" },
	{ "commit-out-of-scope", "merge what is released into a branch that the policy has in scope" },
	{ "history-shallow", "check where all of the history is: git fetch --unshallow" },
	{ "tree-differs", "build from the commit itself, and seal again" },
	{ "source-not-read", "check in a clone that has all files of that commit" },
	{ "no-sbom", "seal it with its bill of materials: assay seal --sbom FILE" },
	{ "sbom-unread", "write it as CycloneDX 1.4 to 1.6 or SPDX 2.3, in JSON" },
	{ "sbom-hash-unknown", "write the bill of materials from what is released: assay seal does" },
	{ "sbom-hash-not-compared", "have the bill of materials give digests by SHA-256 alone, as 'assay seal' writes it, or compare the others by hand" },
	{ "sbom-empty", "write the bill of materials from what is released: assay seal does; give the release with its tree: assay check --release SEAL=TREE" },
	{ "sbom-hash-false", "see which of the two was built, and write the bill of materials from what is released: assay seal does" },
	{ "sbom-file-missing", "write the bill of materials from what is released: assay seal does; another one is to give each program's SHA-256" },
	{ "sbom-component-missing", "write the bill of materials from what is released: assay seal does" },
	{ "sbom-component-version", "write the bill of materials from what is released: assay seal does" },
	{ "no-provenance", "have the build say what it built from what, and seal that: assay seal --provenance FILE" },
	{ "provenance-unread", "write it as an in-toto Statement v1 with SLSA v1 provenance, plain or in a DSSE envelope" },
	{ "provenance-not-of-all", "have the build name all programs that it made or took over, by SHA-256, as subjects or resolvedDependencies" },
	{ "programs-not-seen", "give the release with its tree, so that what runs is told by its bytes: assay check --release SEAL=TREE" },
	{ "provenance-no-builder", "have the build say who ran it, as runDetails.builder.id" },
	{ "provenance-no-source", "have the build name the commit among resolvedDependencies, as gitCommit" },
	{ "provenance-asked-for-other-commit",
	    "find out which commit was built; have the build name in externalParameters what it was given, and in resolvedDependencies what it took" },
	{ "provenance-source-unclear",
	    "have the build name its own source in externalParameters, and that source's commit among resolvedDependencies, as gitCommit" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "find out which build this is, and seal it with its own papers" },
};

enum assay_status
traced_say(const struct traced *s, bool gap, const char *id, const char *object, const char *words)
{
	return judge_find(s->b->c, s->b->v, gap, id, object, NULL, s->b->err, "%s", words);
}

/* ---- commit and tree ---- */

static enum assay_status
judge_commit(const struct traced *s)
{
	const struct release_base *b = s->b;
	const struct history *h = evidence_facts(b->c->input->evidence, HISTORY_KIND);
	const char *commit = arena_copy(b->c->arena, b->seal->release.commit);
	struct scope *scope = NULL;
	struct oid id;
	if (commit == NULL)
		return arena_full(b->err);
	TRY(scope_new(b->c, b->v, h, &scope, b->err));
	const uint32_t at = oid_parse(b->seal->release.commit, h->algo, &id) != ASSAY_OK ? HISTORY_NONE : oid_index_find(&h->by_commit, &id);
	if (at == HISTORY_NONE && h->shallow_count > 0)
		return traced_say(s, false, "history-shallow", commit, "its commit isn't in this clone, whose history is cut off");
	if (CATCH(traced_commit, at == HISTORY_NONE))
		return traced_say(s, true, "commit-not-in-history", commit, "it names a commit that isn't in this repository's history");
	if (CATCH(traced_scope, at != HISTORY_NONE && (scope->commits[at] & SCOPE_IN) == 0))
		return traced_say(s, true, "commit-out-of-scope", commit, "it names a commit that no branch or tag in scope leads to");
	return ASSAY_OK;
}

static enum assay_status
judge_source(const struct traced *s)
{
	const struct assay_release *r = &s->b->seal->release;
	const bool seen = s->look != NULL && s->look->commit != NULL && s->look->source != NULL;
	if (CATCH(traced_source_unread, !seen))
		return judge_find(s->b->c, s->b->v, false, "source-not-read", s->b->seal->name, NULL, s->b->err,
		    "the tree of its commit could not be read: %s", s->look == NULL || s->look->source_why == NULL ? "nobody looked" : s->look->source_why);
	if (!seen)
		return ASSAY_OK;
	if (CATCH(traced_source_other, !assay_span_equal(r->commit, assay_span_str(s->look->commit))))
		return traced_say(s, true, "tree-differs", s->look->commit, "the tree that was looked at is of another commit than it names");
	if (CATCH(traced_tree, !assay_span_equal(r->tree, assay_span_str(s->look->source))))
		return traced_say(s, true, "tree-differs", s->look->commit, "it names another tree than its commit has: not all that was built is in the commit");
	return ASSAY_OK;
}

/* ---- what is in the release ---- */

int
traced_by_digest(const void *a, const void *b)
{
	return memcmp(a, b, ASSAY_SHA256_SIZE);
}

static enum assay_status
list_digests(struct traced *s)
{
	struct assay_manifest *m = arena_alloc(s->b->c->arena, sizeof *m);
	struct assay_span in = s->b->seal->files[RELEASE_FILE_MANIFEST];
	struct assay_manifest_entry e;
	bool is = s->b->seal->has_manifest;
	s->digests = arena_array(s->b->c->arena, (size_t)s->b->seal->counts.files + 1, ASSAY_SHA256_SIZE);
	if (m == NULL || s->digests == NULL)
		return arena_full(s->b->err);
	assay_manifest_begin(m);
	while (is) {
		TRY(assay_manifest_next(m, &in, &is, &e, s->b->err));
		if (is && e.type == ASSAY_ENTRY_FILE && s->digest_count < s->b->seal->counts.files)
			memcpy(s->digests + ASSAY_SHA256_SIZE * s->digest_count++, e.sha256, ASSAY_SHA256_SIZE);
	}
	qsort(s->digests, s->digest_count, ASSAY_SHA256_SIZE, traced_by_digest);
	return ASSAY_OK;
}

bool
traced_is_here(const struct traced *s, const char *hex)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	return strlen(hex) == 2 * sizeof digest && text_unhex(assay_span_str(hex), digest, sizeof digest) == ASSAY_OK &&
	    bsearch(digest, s->digests, s->digest_count, ASSAY_SHA256_SIZE, traced_by_digest) != NULL;
}

/* A kind that this version doesn't know may be of any group, for all it knows. */
static bool
is_kind_up_to(struct assay_span name, unsigned last_group)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++)
		if (assay_span_equal(name, assay_span_str(seal_kinds[i].name)))
			return (unsigned)seal_kinds[i].group <= last_group;
	return true;
}

int
traced_by_text(const void *a, const void *b)
{
	const struct assay_span *x = a, *y = b;
	const int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

bool
traced_is_seen(const struct traced *s)
{
	return s->look != NULL && s->look->has_tree && s->look->why == NULL;
}

enum assay_status
traced_list(const struct traced *s, unsigned last_group, struct traced_paths *ret_paths)
{
	const struct release_look *look = s->look;
	const uint64_t most = look == NULL ? 0 : look->relevant_count;
	struct assay_span kind, path, rest = look == NULL ? (struct assay_span){ NULL, 0 } : look->relevant;
	struct traced_paths p = { .paths = arena_array(s->b->c->arena, most + 1, sizeof p.paths[0]) };
	if (p.paths == NULL)
		return arena_full(s->b->err);
	while (p.count < most && release_next_kind(&rest, &kind, &path))
		if (is_kind_up_to(kind, last_group))
			p.paths[p.count++] = path;
	qsort(p.paths, p.count, sizeof p.paths[0], traced_by_text);
	*ret_paths = p;
	return ASSAY_OK;
}

bool
traced_has(const struct traced_paths *p, const char *path)
{
	const struct assay_span wanted = assay_span_str(path);
	return p->count > 0 && bsearch(&wanted, p->paths, p->count, sizeof wanted, traced_by_text) != NULL;
}

/* ---- provenance ---- */

static const struct jsontree *
member(const struct jsontree *object, const char *a, const char *b)
{
	return jsontree_get(jsontree_get(object, a), b);
}

/* The statement, out of its envelope when it lies in one. */
static enum assay_status
open_provenance(struct traced *s, struct jsontree **ret_statement, struct assay_error *why)
{
	struct arena *arena = s->b->c->arena;
	const struct assay_span bytes = s->b->seal->files[RELEASE_FILE_PROVENANCE];
	struct dsse envelope;
	TRY(jsontree_parse(bytes, "provenance.json", arena, ret_statement, why));
	if (jsontree_get(*ret_statement, "payloadType") == NULL)
		return ASSAY_OK;
	TRY(dsse_read(bytes, arena, &envelope, why));
	if (strcmp(envelope.payload_type, ENVELOPE_TYPE) != 0)
		return assay_fail(why, ASSAY_E_FORMAT, "its envelope holds '%s'", envelope.payload_type);
	s->word = "; who signed the provenance isn't checked: it counts as the word of those who signed the release";
	return jsontree_parse(envelope.payload, "provenance.json", arena, ret_statement, why);
}

static bool
is_word(const struct jsontree *object, const char *key, const char *word)
{
	const char *text = jsontree_str(object, key);
	return text != NULL && strcmp(text, word) == 0;
}

/* Some of what it says was built is the manifest, or a file in it. */
static bool
has_subject(const struct traced *s, const struct jsontree *statement)
{
	const struct jsontree *subjects = jsontree_get(statement, "subject");
	char manifest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ s->b->seal->targets[RELEASE_FILE_MANIFEST].sha256, ASSAY_SHA256_SIZE }, manifest);
	for (const struct jsontree *x = subjects == NULL ? NULL : subjects->first; x != NULL; x = x->next) {
		const char *hex = jsontree_str(jsontree_get(x, "digest"), "sha256");
		if (hex != NULL && (strcmp(hex, manifest) == 0 || traced_is_here(s, hex)))
			return true;
	}
	return false;
}

/* Digests of what the build made and of what it took over, sorted. */
struct accounted {
	unsigned char *digests;
	size_t count;
};

static void
account(const struct jsontree *list, struct accounted *a)
{
	for (const struct jsontree *x = list == NULL ? NULL : list->first; x != NULL; x = x->next) {
		const char *hex = jsontree_str(jsontree_get(x, "digest"), "sha256");
		unsigned char *digest = a->digests + ASSAY_SHA256_SIZE * a->count;
		a->count += hex != NULL && strlen(hex) == (size_t)2 * ASSAY_SHA256_SIZE &&
		    text_unhex(assay_span_str(hex), digest, ASSAY_SHA256_SIZE) == ASSAY_OK;
	}
}

static bool
is_accounted(const struct accounted *a, const unsigned char *digest)
{
	return a->count > 0 && bsearch(digest, a->digests, a->count, ASSAY_SHA256_SIZE, traced_by_digest) != NULL;
}

/* The mode says so, or its bytes: what is loaded, or given to an interpreter, needs no mode for it. */
static enum assay_status
may_run(const struct traced *s, const struct traced_paths *r, const struct assay_manifest_entry *e, bool *ret_may)
{
	const char *path = release_spelled(s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(s->b->err);
	*ret_may = (e->mode & 0111u) != 0;
	if (CATCH(traced_program_by_bytes, traced_has(r, path)))
		*ret_may = true;
	return ASSAY_OK;
}

static enum assay_status
judge_program(const struct traced *s, const struct accounted *a, const struct assay_manifest_entry *e)
{
	const char *path = release_spelled(s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(s->b->err);
	if (CATCH(traced_program, !is_accounted(a, e->sha256)))
		return judge_find(s->b->c, s->b->v, false, "provenance-not-of-all", path, NULL, s->b->err,
		    "its provenance doesn't say where '%s' comes from, which runs, or holds or starts what does", path);
	return ASSAY_OK;
}

static enum assay_status
judge_each_program(const struct traced *s, const struct accounted *a)
{
	struct assay_manifest *m = arena_alloc(s->b->c->arena, sizeof *m);
	struct assay_span in = s->b->seal->files[RELEASE_FILE_MANIFEST];
	struct assay_manifest_entry e;
	struct traced_paths r = { 0 };
	bool is = true, may = false;
	if (m == NULL)
		return arena_full(s->b->err);
	if (CATCH(traced_programs_unseen, !traced_is_seen(s)))
		TRY(traced_say(s, false, "programs-not-seen", s->b->seal->name,
		    "its provenance names single files, and which others of it run was told by their mode alone: nobody looked into all of them"));
	else
		TRY(traced_list(s, SEAL_GROUP_STARTS, &r));
	assay_manifest_begin(m);
	while (is) {
		TRY(assay_manifest_next(m, &in, &is, &e, s->b->err));
		if (!is || e.type != ASSAY_ENTRY_FILE)
			continue;
		TRY(may_run(s, &r, &e, &may));
		if (may)
			TRY(judge_program(s, a, &e));
	}
	return ASSAY_OK;
}

/* What may be run must have been built, or taken over, by that build: unless it says that it made the manifest, which lists all. */
static enum assay_status
judge_programs(const struct traced *s, const struct jsontree *statement)
{
	const struct jsontree *subjects = jsontree_get(statement, "subject");
	const struct jsontree *taken = member(jsontree_get(statement, "predicate"), "buildDefinition", "resolvedDependencies");
	const size_t room = (subjects == NULL ? 0 : subjects->count) + (taken == NULL ? 0 : taken->count);
	struct accounted a = { .digests = arena_array(s->b->c->arena, room + 1, ASSAY_SHA256_SIZE) };
	if (a.digests == NULL)
		return arena_full(s->b->err);
	account(subjects, &a);
	qsort(a.digests, a.count, ASSAY_SHA256_SIZE, traced_by_digest);
	if (!s->b->seal->has_manifest || is_accounted(&a, s->b->seal->targets[RELEASE_FILE_MANIFEST].sha256))
		return ASSAY_OK;
	account(taken, &a);
	qsort(a.digests, a.count, ASSAY_SHA256_SIZE, traced_by_digest);
	return judge_each_program(s, &a);
}

static enum assay_status
judge_provenance(struct traced *s)
{
	const struct release_seal *seal = s->b->seal;
	struct assay_error why = { 0 };
	struct jsontree *statement = NULL;
	if (CATCH(traced_no_provenance, !seal->has_target[RELEASE_FILE_PROVENANCE]))
		return traced_say(s, false, "no-provenance", seal->name, "it names no provenance: what it was built from by what is nowhere said");
	if (!seal->is_good[RELEASE_FILE_PROVENANCE])
		return ASSAY_OK;
	const enum assay_status status = open_provenance(s, &statement, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(s->b->err);
	const bool is = status == ASSAY_OK && is_word(statement, "_type", STATEMENT_TYPE) && is_word(statement, "predicateType", PROVENANCE_TYPE);
	if (CATCH(traced_provenance_unread, !is))
		return judge_find(s->b->c, s->b->v, false, "provenance-unread", "provenance.json", NULL, s->b->err,
		    "its provenance can't be read: %s", status != ASSAY_OK ? why.what : "it is no in-toto Statement v1 with SLSA v1 provenance");
	if (CATCH(traced_subject, !has_subject(s, statement)))
		TRY(traced_say(s, true, "provenance-other-subject", "provenance.json", "its provenance is about files that aren't in this release"));
	TRY(judge_programs(s, statement));
	const char *builder = jsontree_str(member(jsontree_get(statement, "predicate"), "runDetails", "builder"), "id");
	if (CATCH(traced_builder, builder == NULL || builder[0] == '\0'))
		TRY(traced_say(s, false, "provenance-no-builder", "provenance.json", "its provenance doesn't say who built it"));
	return traced_judge_commits(s, statement);
}

enum assay_status
judge_seal_traced(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	bool holds = false;
	release_base_of(c, v, &b, err);
	struct traced s = { .b = &b, .look = release_look_of(&b, 0), .packages = "",
		.word = "; the provenance is signed by nobody else: it counts as the word of those who signed the release" };
	TRY(release_must_hold(&b, &holds));
	if (holds) {
		TRY(list_digests(&s));
		TRY(judge_commit(&s));
		TRY(judge_source(&s));
		TRY(traced_judge_bill(&s));
		TRY(judge_provenance(&s));
	}
	const char *reason = arena_printf(c->arena, "%s names a commit of this history and its tree, and bill of materials and provenance agree with it%s%s%s",
	    release_title(&b, b.seal), s.packages, s.word, s.taken == 0 ? "" : "; commits of other projects in it count as taken over");
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, 1, reason, advice, err);
}
