/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: the release names a commit of this history, that commit's whole tree, a bill of materials and provenance, and they
 * agree.
 */
#include "release.h"
#include "rows.h"
#include "scope.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/dsse.h>
#include <codec/jsontree.h>
#include <seal/sbom.h>
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
	{ "sbom-component-missing", "write the bill of materials from what is released: assay seal does" },
	{ "sbom-component-version", "write the bill of materials from what is released: assay seal does" },
	{ "no-provenance", "have the build say what it built from what, and seal that: assay seal --provenance FILE" },
	{ "provenance-unread", "write it as an in-toto Statement v1 with SLSA v1 provenance, plain or in a DSSE envelope" },
	{ "provenance-not-of-all", "have the build name all programs that it made or took over, by SHA-256, as subjects or resolvedDependencies" },
	{ "programs-not-seen", "give the release with its tree, so that what runs is told by its bytes: assay check --release SEAL=TREE" },
	{ "provenance-no-builder", "have the build say who ran it, as runDetails.builder.id" },
	{ "provenance-no-source", "have the build name the commit among resolvedDependencies, as gitCommit" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "find out which build this is, and seal it with its own papers" },
};

struct state {
	const struct release_base *b;
	const struct release_look *look;
	unsigned char *digests; /* of the manifest's files, sorted */
	size_t digest_count;
	const char *word; /* on whose the provenance is */
	const char *packages; /* why they weren't compared, or "" */
	uint64_t taken; /* commits of other repositories that the provenance names */
};

static enum assay_status
say(const struct state *s, bool gap, const char *id, const char *object, const char *words)
{
	return judge_find(s->b->c, s->b->v, gap, id, object, NULL, s->b->err, "%s", words);
}

/* ---- commit and tree ---- */

static enum assay_status
judge_commit(const struct state *s)
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
		return say(s, false, "history-shallow", commit, "its commit isn't in this clone, whose history is cut off");
	if (CATCH(traced_commit, at == HISTORY_NONE))
		return say(s, true, "commit-not-in-history", commit, "it names a commit that isn't in this repository's history");
	if (CATCH(traced_scope, at != HISTORY_NONE && (scope->commits[at] & SCOPE_IN) == 0))
		return say(s, true, "commit-out-of-scope", commit, "it names a commit that no branch or tag in scope leads to");
	return ASSAY_OK;
}

static enum assay_status
judge_source(const struct state *s)
{
	const struct assay_release *r = &s->b->seal->release;
	const bool seen = s->look != NULL && s->look->commit != NULL && s->look->source != NULL;
	if (CATCH(traced_source_unread, !seen))
		return judge_find(s->b->c, s->b->v, false, "source-not-read", s->b->seal->name, NULL, s->b->err,
		    "the tree of its commit could not be read: %s", s->look == NULL || s->look->source_why == NULL ? "nobody looked" : s->look->source_why);
	if (!seen)
		return ASSAY_OK;
	if (CATCH(traced_source_other, !assay_span_equal(r->commit, assay_span_str(s->look->commit))))
		return say(s, true, "tree-differs", s->look->commit, "the tree that was looked at is of another commit than it names");
	if (CATCH(traced_tree, !assay_span_equal(r->tree, assay_span_str(s->look->source))))
		return say(s, true, "tree-differs", s->look->commit, "it names another tree than its commit has: not all that was built is in the commit");
	return ASSAY_OK;
}

/* ---- bill of materials ---- */

static int
by_digest(const void *a, const void *b)
{
	return memcmp(a, b, ASSAY_SHA256_SIZE);
}

static enum assay_status
list_digests(struct state *s)
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
	qsort(s->digests, s->digest_count, ASSAY_SHA256_SIZE, by_digest);
	return ASSAY_OK;
}

static bool
is_digest_here(const struct state *s, const char *hex)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	return strlen(hex) == 2 * sizeof digest && text_unhex(assay_span_str(hex), digest, sizeof digest) == ASSAY_OK &&
	    bsearch(digest, s->digests, s->digest_count, ASSAY_SHA256_SIZE, by_digest) != NULL;
}

static bool
is_text(struct assay_span a, const char *b)
{
	return b != NULL && assay_span_equal(a, assay_span_str(b));
}

/* What databases of packages in the tree name must be in the bill, in that version. Files were held against the manifest above. */
static enum assay_status
judge_packages(struct state *s, const struct seal_sbom *sbom)
{
	static const enum seal_sbom_matter of_packages[] = { SEAL_SBOM_MISSING, SEAL_SBOM_VERSION, SEAL_SBOM_TWICE, SEAL_SBOM_DATABASE };
	const struct release_look *look = s->look;
	struct arena *arena = s->b->c->arena;
	if (look == NULL || !look->has_tree || look->databases == 0) {
		s->packages = look != NULL && look->has_tree ? "; which packages it holds is on the bill's word, for no database in it names any" :
							       "; which packages it holds is on the bill's word, for nobody looked into it";
		return ASSAY_OK;
	}
	struct seal_package *list = arena_array(arena, look->package_count + 1, sizeof *list);
	const struct seal_product product = { .name = sbom->name == NULL ? "" : sbom->name, .version = sbom->version == NULL ? "" : sbom->version };
	struct seal_sbom_outcome out = { 0 };
	if (list == NULL)
		return arena_full(s->b->err);
	for (size_t i = 0; i < look->package_count; i++) {
		const struct release_package *p = &look->packages[i];
		list[i] = (struct seal_package){ .type = p->type, .name = p->name, .version = p->version, .file = p->file };
	}
	const struct seal_packages packages = { .list = list, .count = look->package_count, .databases = (size_t)look->databases, .unread = look->unread };
	TRY(seal_sbom_compare(sbom, &product, NULL, 0, &packages, arena, &out, s->b->err));
	for (const struct seal_sbom_fact *f = out.facts; f != NULL; f = f->next) {
		const struct seal_matter_row *row = &seal_sbom_matters[f->matter];
		bool is = false;
		for (size_t i = 0; i < sizeof of_packages / sizeof of_packages[0]; i++)
			is = is || f->matter == of_packages[i];
		if (CATCH(traced_package, is))
			TRY(judge_find(s->b->c, s->b->v, row->weight == SEAL_GAP, row->code, f->object, f->detail, s->b->err, "'%s': %s", f->object, row->words));
	}
	judge_count(s->b->v, "packages compared", look->package_count);
	return ASSAY_OK;
}

static enum assay_status
judge_sbom(struct state *s)
{
	const struct release_seal *seal = s->b->seal;
	struct assay_error why = { 0 };
	struct seal_sbom sbom;
	if (CATCH(traced_no_sbom, !seal->has_target[RELEASE_FILE_SBOM]))
		return say(s, true, "no-sbom", seal->name, "it names no bill of materials");
	if (!seal->is_good[RELEASE_FILE_SBOM])
		return ASSAY_OK;
	const enum assay_status status = seal_sbom_read(seal->files[RELEASE_FILE_SBOM], "sbom.cdx.json", s->b->c->arena, &sbom, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(s->b->err);
	if (CATCH(traced_sbom_unread, status != ASSAY_OK))
		return judge_find(s->b->c, s->b->v, false, "sbom-unread", "sbom.cdx.json", NULL, s->b->err,
		    "its bill of materials can't be read: %s", why.what);
	if (CATCH(traced_sbom_product, !is_text(seal->release.product, sbom.name)))
		TRY(say(s, true, "sbom-other-product", "sbom.cdx.json", "its bill of materials is about another product, or doesn't say about which"));
	if (CATCH(traced_sbom_version, !is_text(seal->release.version, sbom.version)))
		TRY(say(s, true, "sbom-other-version", "sbom.cdx.json", "its bill of materials is about another version, or doesn't say about which"));
	for (size_t i = 0; i < sbom.count; i++) {
		const struct seal_sbom_component *k = &sbom.components[i];
		if (CATCH(traced_sbom_hash, !k->self && k->sha256 != NULL && !is_digest_here(s, k->sha256)))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-unknown", k->name, k->sha256, s->b->err,
			    "no file of the manifest has the digest that the bill of materials has of '%s'", k->name));
		if (CATCH(traced_sbom_hash_other, !k->self && k->other != NULL))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-not-compared", k->name, k->other, s->b->err,
			    "the bill of materials has a digest of '%s' by '%s' that nothing was compared with: SHA-256 is, once", k->name, k->other));
	}
	return judge_packages(s, &sbom);
}

/* ---- provenance ---- */

static const struct jsontree *
member(const struct jsontree *object, const char *a, const char *b)
{
	return jsontree_get(jsontree_get(object, a), b);
}

/* The statement, out of its envelope when it lies in one. */
static enum assay_status
open_provenance(struct state *s, struct jsontree **ret_statement, struct assay_error *why)
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
has_subject(const struct state *s, const struct jsontree *statement)
{
	const struct jsontree *subjects = jsontree_get(statement, "subject");
	char manifest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ s->b->seal->targets[RELEASE_FILE_MANIFEST].sha256, ASSAY_SHA256_SIZE }, manifest);
	for (const struct jsontree *x = subjects == NULL ? NULL : subjects->first; x != NULL; x = x->next) {
		const char *hex = jsontree_str(jsontree_get(x, "digest"), "sha256");
		if (hex != NULL && (strcmp(hex, manifest) == 0 || is_digest_here(s, hex)))
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
	return a->count > 0 && bsearch(digest, a->digests, a->count, ASSAY_SHA256_SIZE, by_digest) != NULL;
}

/* Paths of what runs, or holds or starts what does, told by its bytes; as manifests spell them, sorted. */
struct running {
	struct assay_span *paths;
	size_t count;
};

/* A kind that this version doesn't know may run, for all it knows. */
static bool
is_kind_that_runs(struct assay_span name)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++)
		if (assay_span_equal(name, assay_span_str(seal_kinds[i].name)))
			return seal_kinds[i].group <= SEAL_GROUP_STARTS;
	return true;
}

static int
by_text(const void *a, const void *b)
{
	const struct assay_span *x = a, *y = b;
	const int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static enum assay_status
list_running(const struct state *s, struct running *r)
{
	const struct release_look *look = s->look;
	if (CATCH(traced_programs_unseen, look == NULL || !look->has_tree || look->why != NULL))
		return say(s, false, "programs-not-seen", s->b->seal->name,
		    "its provenance names single files, and which others of it run was told by their mode alone: nobody looked into all of them");
	struct assay_span kind, path, rest = look->relevant;
	r->paths = arena_array(s->b->c->arena, look->relevant_count + 1, sizeof r->paths[0]);
	if (r->paths == NULL)
		return arena_full(s->b->err);
	while (r->count < look->relevant_count && release_next_kind(&rest, &kind, &path))
		if (is_kind_that_runs(kind))
			r->paths[r->count++] = path;
	qsort(r->paths, r->count, sizeof r->paths[0], by_text);
	return ASSAY_OK;
}

/* The mode says so, or its bytes: what is loaded, or given to an interpreter, needs no mode for it. */
static enum assay_status
may_run(const struct state *s, const struct running *r, const struct assay_manifest_entry *e, bool *ret_may)
{
	const char *path = release_spelled(s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(s->b->err);
	const struct assay_span wanted = assay_span_str(path);
	*ret_may = (e->mode & 0111u) != 0;
	if (CATCH(traced_program_by_bytes, r->count > 0 && bsearch(&wanted, r->paths, r->count, sizeof wanted, by_text) != NULL))
		*ret_may = true;
	return ASSAY_OK;
}

static enum assay_status
judge_program(const struct state *s, const struct accounted *a, const struct assay_manifest_entry *e)
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
judge_each_program(const struct state *s, const struct accounted *a)
{
	struct assay_manifest *m = arena_alloc(s->b->c->arena, sizeof *m);
	struct assay_span in = s->b->seal->files[RELEASE_FILE_MANIFEST];
	struct assay_manifest_entry e;
	struct running r = { 0 };
	bool is = true, may = false;
	if (m == NULL)
		return arena_full(s->b->err);
	TRY(list_running(s, &r));
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
judge_programs(const struct state *s, const struct jsontree *statement)
{
	const struct jsontree *subjects = jsontree_get(statement, "subject");
	const struct jsontree *taken = member(jsontree_get(statement, "predicate"), "buildDefinition", "resolvedDependencies");
	const size_t room = (subjects == NULL ? 0 : subjects->count) + (taken == NULL ? 0 : taken->count);
	struct accounted a = { .digests = arena_array(s->b->c->arena, room + 1, ASSAY_SHA256_SIZE) };
	if (a.digests == NULL)
		return arena_full(s->b->err);
	account(subjects, &a);
	qsort(a.digests, a.count, ASSAY_SHA256_SIZE, by_digest);
	if (!s->b->seal->has_manifest || is_accounted(&a, s->b->seal->targets[RELEASE_FILE_MANIFEST].sha256))
		return ASSAY_OK;
	account(taken, &a);
	qsort(a.digests, a.count, ASSAY_SHA256_SIZE, by_digest);
	return judge_each_program(s, &a);
}

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
is_of_release(const struct state *s, const struct jsontree *list, const char *uri)
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
compare_sources(struct state *s, const struct jsontree *statement, bool *ret_named, bool *ret_same)
{
	const struct jsontree *list = member(jsontree_get(statement, "predicate"), "buildDefinition", "resolvedDependencies");
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

static enum assay_status
judge_provenance(struct state *s)
{
	const struct release_seal *seal = s->b->seal;
	struct assay_error why = { 0 };
	struct jsontree *statement = NULL;
	bool named = false, same = false;
	if (CATCH(traced_no_provenance, !seal->has_target[RELEASE_FILE_PROVENANCE]))
		return say(s, false, "no-provenance", seal->name, "it names no provenance: what it was built from by what is nowhere said");
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
		TRY(say(s, true, "provenance-other-subject", "provenance.json", "its provenance is about files that aren't in this release"));
	TRY(judge_programs(s, statement));
	const char *builder = jsontree_str(member(jsontree_get(statement, "predicate"), "runDetails", "builder"), "id");
	if (CATCH(traced_builder, builder == NULL || builder[0] == '\0'))
		TRY(say(s, false, "provenance-no-builder", "provenance.json", "its provenance doesn't say who built it"));
	compare_sources(s, statement, &named, &same);
	if (CATCH(traced_provenance_source, !named))
		return say(s, false, "provenance-no-source", "provenance.json", "its provenance names no commit");
	if (CATCH(traced_provenance_commit, named && !same))
		return say(s, true, "provenance-other-commit", "provenance.json", "its provenance names another commit than the release does");
	if (s->taken > 0)
		judge_count(s->b->v, "commits of other projects", s->taken);
	return ASSAY_OK;
}

enum assay_status
judge_seal_traced(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	bool holds = false;
	release_base_of(c, v, &b, err);
	struct state s = { .b = &b, .look = release_look_of(&b, 0), .packages = "",
		.word = "; the provenance is signed by nobody else: it counts as the word of those who signed the release" };
	TRY(release_must_hold(&b, &holds));
	if (holds) {
		TRY(list_digests(&s));
		TRY(judge_commit(&s));
		TRY(judge_source(&s));
		TRY(judge_sbom(&s));
		TRY(judge_provenance(&s));
	}
	const char *reason = arena_printf(c->arena, "%s names a commit of this history and its tree, and bill of materials and provenance agree with it%s%s%s",
	    release_title(&b, b.seal), s.packages, s.word, s.taken == 0 ? "" : "; commits of other projects in it count as taken over");
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, 1, reason, advice, err);
}
