/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.traced: whether the bill of materials is of this release.
 */
#include "traced.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <seal/sbom.h>
#include <stdlib.h>
#include <string.h>

static bool
is_text(struct assay_span a, const char *b)
{
	return b != NULL && assay_span_equal(a, assay_span_str(b));
}

/* ---- against the manifest's files ---- */

struct named {
	struct assay_span path; /* the component's name, as a manifest would have it */
	const struct seal_sbom_component *of;
};

struct bill {
	const struct traced *s;
	const struct seal_sbom *sbom;
	struct named *named; /* components that may be held against the file of their name, sorted */
	size_t named_count;
	unsigned char *digests; /* of all components, sorted */
	size_t digest_count;
	struct traced_paths code; /* what of the tree runs, by its bytes: what a bill is to name */
	bool is_empty, lists_files;
};

static int
by_path(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	return traced_by_text(&x->path, &y->path);
}

static bool
is_file(const struct seal_sbom_component *k)
{
	return strcmp(k->type, "file") == 0 || strcmp(k->type, "firmware") == 0;
}

/* What has a folder in its name means the file there, whatever it is called: another type is no way round. */
static bool
may_be_path(const struct seal_sbom_component *k)
{
	return !k->self && k->sha256 != NULL && (is_file(k) || strchr(k->name, '/') != NULL);
}

static struct assay_span
path_of(const char *name)
{
	while (name[0] == '/' || (name[0] == '.' && name[1] == '/'))
		name += name[0] == '/' ? 1 : 2;
	return assay_span_str(name);
}

static enum assay_status
list_components(struct bill *l)
{
	struct arena *arena = l->s->b->c->arena;
	l->named = arena_array(arena, l->sbom->count + 1, sizeof l->named[0]);
	l->digests = arena_array(arena, l->sbom->count + 1, ASSAY_SHA256_SIZE);
	if (l->named == NULL || l->digests == NULL)
		return arena_full(l->s->b->err);
	l->is_empty = true;
	for (size_t i = 0; i < l->sbom->count; i++) {
		const struct seal_sbom_component *k = &l->sbom->components[i];
		unsigned char *digest = l->digests + ASSAY_SHA256_SIZE * l->digest_count;
		l->is_empty = l->is_empty && k->self && k->sha256 == NULL;
		l->lists_files = l->lists_files || is_file(k);
		if (k->sha256 != NULL)
			l->digest_count += text_unhex(assay_span_str(k->sha256), digest, ASSAY_SHA256_SIZE) == ASSAY_OK;
		if (may_be_path(k))
			l->named[l->named_count++] = (struct named){ path_of(k->name), k };
	}
	qsort(l->digests, l->digest_count, ASSAY_SHA256_SIZE, traced_by_digest);
	qsort(l->named, l->named_count, sizeof l->named[0], by_path);
	return ASSAY_OK;
}

/* The first place among the names at which this path could stand. */
static size_t
first_named(const struct bill *l, struct assay_span path)
{
	size_t from = 0, to = l->named_count;
	while (from < to) {
		const size_t at = from + (to - from) / 2;
		if (traced_by_text(&l->named[at].path, &path) < 0)
			from = at + 1;
		else
			to = at;
	}
	return from;
}

/* A digest of another file of the release is still not the digest of this one. */
static enum assay_status
judge_digest(const struct bill *l, const struct assay_manifest_entry *e)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	unsigned char said[ASSAY_SHA256_SIZE];
	text_hex((struct assay_span){ e->sha256, ASSAY_SHA256_SIZE }, hex);
	for (size_t i = first_named(l, e->path); i < l->named_count && assay_span_equal(l->named[i].path, e->path); i++) {
		const struct seal_sbom_component *k = l->named[i].of;
		const bool is = text_unhex(assay_span_str(k->sha256), said, sizeof said) == ASSAY_OK && memcmp(said, e->sha256, sizeof said) == 0;
		if (CATCH(traced_bill_digest, !is))
			TRY(judge_find(l->s->b->c, l->s->b->v, true, "sbom-hash-false", k->name, k->sha256, l->s->b->err,
			    "the bill of materials has another digest of '%s' than the manifest, which has %s", k->name, hex));
	}
	return ASSAY_OK;
}

/* Databases of packages name what belongs to packages; a bill that lists files is held to list those that run all the same. */
static enum assay_status
judge_named(const struct bill *l, const struct assay_manifest_entry *e)
{
	const struct release_look *look = l->s->look;
	const char *path = release_spelled(l->s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(l->s->b->err);
	const bool wanted = look != NULL && traced_has(&l->code, path) && (l->lists_files || look->databases == 0);
	const bool is = l->digest_count > 0 && bsearch(e->sha256, l->digests, l->digest_count, ASSAY_SHA256_SIZE, traced_by_digest) != NULL;
	if (CATCH(traced_bill_file, wanted && !is))
		return judge_find(l->s->b->c, l->s->b->v, false, "sbom-file-missing", path, NULL, l->s->b->err,
		    "no component of the bill of materials has the digest of '%s', which runs", path);
	return ASSAY_OK;
}

static enum assay_status
judge_each_file(const struct bill *l)
{
	struct assay_manifest *m = arena_alloc(l->s->b->c->arena, sizeof *m);
	struct assay_span in = l->s->b->seal->files[RELEASE_FILE_MANIFEST];
	struct assay_manifest_entry e;
	bool is = l->s->b->seal->has_manifest;
	if (m == NULL)
		return arena_full(l->s->b->err);
	assay_manifest_begin(m);
	while (is) {
		TRY(assay_manifest_next(m, &in, &is, &e, l->s->b->err));
		if (!is || e.type != ASSAY_ENTRY_FILE)
			continue;
		TRY(judge_digest(l, &e));
		if (!l->is_empty)
			TRY(judge_named(l, &e));
	}
	return ASSAY_OK;
}

/* Nothing runs in a release of data alone: a bill of it may be empty, and is when 'assay seal' writes it. */
static enum assay_status
judge_files(const struct traced *s, const struct seal_sbom *sbom)
{
	struct bill l = { .s = s, .sbom = sbom };
	TRY(list_components(&l));
	TRY(traced_list(s, SEAL_GROUP_FIRMWARE, &l.code));
	if (CATCH(traced_bill_empty, l.is_empty && l.code.count > 0))
		TRY(traced_say(s, true, "sbom-empty", "sbom.cdx.json", "its bill of materials lists no component, and the release holds what runs"));
	if (CATCH(traced_bill_empty_unseen, l.is_empty && l.code.count == 0 && s->digest_count > 0 && !traced_is_seen(s)))
		TRY(traced_say(s, false, "sbom-empty", "sbom.cdx.json",
		    "its bill of materials lists no component, and nobody looked into all files of the release for what runs"));
	return judge_each_file(&l);
}

/* ---- against its packages, product and version ---- */

/* What databases of packages in the tree name must be in the bill, in that version. Files were held against the manifest above. */
static enum assay_status
judge_packages(struct traced *s, const struct seal_sbom *sbom)
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

enum assay_status
traced_judge_bill(struct traced *s)
{
	const struct release_seal *seal = s->b->seal;
	struct assay_error why = { 0 };
	struct seal_sbom sbom;
	if (CATCH(traced_no_sbom, !seal->has_target[RELEASE_FILE_SBOM]))
		return traced_say(s, true, "no-sbom", seal->name, "it names no bill of materials");
	if (!seal->is_good[RELEASE_FILE_SBOM])
		return ASSAY_OK;
	const enum assay_status status = seal_sbom_read(seal->files[RELEASE_FILE_SBOM], "sbom.cdx.json", s->b->c->arena, &sbom, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(s->b->err);
	if (CATCH(traced_sbom_unread, status != ASSAY_OK))
		return judge_find(s->b->c, s->b->v, false, "sbom-unread", "sbom.cdx.json", NULL, s->b->err,
		    "its bill of materials can't be read: %s", why.what);
	if (CATCH(traced_sbom_product, !is_text(seal->release.product, sbom.name)))
		TRY(traced_say(s, true, "sbom-other-product", "sbom.cdx.json", "its bill of materials is about another product, or doesn't say about which"));
	if (CATCH(traced_sbom_version, !is_text(seal->release.version, sbom.version)))
		TRY(traced_say(s, true, "sbom-other-version", "sbom.cdx.json", "its bill of materials is about another version, or doesn't say about which"));
	for (size_t i = 0; i < sbom.count; i++) {
		const struct seal_sbom_component *k = &sbom.components[i];
		if (CATCH(traced_sbom_hash, !k->self && k->sha256 != NULL && !traced_is_here(s, k->sha256)))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-unknown", k->name, k->sha256, s->b->err,
			    "no file of the manifest has the digest that the bill of materials has of '%s'", k->name));
		if (CATCH(traced_sbom_hash_other, !k->self && k->other != NULL))
			TRY(judge_find(s->b->c, s->b->v, false, "sbom-hash-not-compared", k->name, k->other, s->b->err,
			    "the bill of materials has a digest of '%s' by '%s' that nothing was compared with: SHA-256 is, once", k->name, k->other));
	}
	TRY(judge_files(s, &sbom));
	return judge_packages(s, &sbom);
}
