/* SPDX-License-Identifier: Apache-2.0 */
/* A bill of materials that somebody gives, held against what the release holds. */
#include <seal/sbom.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <stdlib.h>
#include <string.h>

#define ROW(id, weight_, code_, words_) { SEAL_##weight_, (code_), (words_) },
const struct seal_matter_row seal_sbom_matters[SEAL_SBOM_MATTER_COUNT] = { SEAL_SBOM_MATTERS(ROW) };

struct comparing {
	const struct seal_sbom *sbom;
	const struct seal_packages *packages;
	struct arena *arena;
	struct seal_sbom_outcome *out;
	const struct seal_sbom_fact **end;
	const struct seal_sbom_component **by_name; /* of the bill */
	const struct seal_entry **by_path;          /* of the tree: its files */
	const unsigned char **digests;              /* of those, sorted */
	size_t files;
	const struct seal_package **named;          /* packages by name */
	bool lists_files;
};

static enum assay_status
tell(struct comparing *c, enum seal_sbom_matter matter, const char *object, const char *detail, unsigned line, struct assay_error *err)
{
	if (c->out->fact_count == SEAL_FACTS_MAX) {
		c->out->more++;
		return ASSAY_OK;
	}
	struct seal_sbom_fact *f = arena_alloc(c->arena, sizeof *f);
	if (f == NULL)
		return arena_full(err);
	*f = (struct seal_sbom_fact){ .matter = matter, .object = object, .detail = detail, .line = line };
	*c->end = f;
	c->end = &f->next;
	c->out->fact_count++;
	return ASSAY_OK;
}

/* ---- orders ---- */

static int
by_component(const void *a, const void *b)
{
	const struct seal_sbom_component *const *x = a, *const *y = b;
	const int order = strcmp((*x)->name, (*y)->name);
	return order != 0 ? order : (*x > *y) - (*x < *y);
}

static int
by_entry(const void *a, const void *b)
{
	const struct seal_entry *const *x = a, *const *y = b;
	return strcmp((*x)->path, (*y)->path);
}

static int
by_digest(const void *a, const void *b)
{
	const unsigned char *const *x = a, *const *y = b;
	return memcmp(*x, *y, ASSAY_SHA256_SIZE);
}

static int
by_package(const void *a, const void *b)
{
	const struct seal_package *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static enum assay_status
sort_all(struct comparing *c, const struct seal_entry *entries, size_t count, struct assay_error *err)
{
	c->by_name = arena_array(c->arena, c->sbom->count + 1, sizeof *c->by_name);
	c->by_path = arena_array(c->arena, count + 1, sizeof *c->by_path);
	c->digests = arena_array(c->arena, count + 1, sizeof *c->digests);
	c->named = arena_array(c->arena, c->packages->count + 1, sizeof *c->named);
	if (c->by_name == NULL || c->by_path == NULL || c->digests == NULL || c->named == NULL)
		return arena_full(err);
	for (size_t i = 0; i < c->sbom->count; i++) {
		c->by_name[i] = &c->sbom->components[i];
		c->lists_files = c->lists_files || strcmp(c->sbom->components[i].type, "file") == 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (entries[i].type != SEAL_TYPE_FILE)
			continue;
		c->by_path[c->files] = &entries[i];
		c->digests[c->files++] = entries[i].sha256;
	}
	for (size_t i = 0; i < c->packages->count; i++)
		c->named[i] = &c->packages->list[i];
	qsort(c->by_name, c->sbom->count, sizeof(const struct seal_sbom_component *), by_component);
	qsort(c->by_path, c->files, sizeof(const struct seal_entry *), by_entry);
	qsort(c->digests, c->files, sizeof(const unsigned char *), by_digest);
	qsort(c->named, c->packages->count, sizeof(const struct seal_package *), by_package);
	return ASSAY_OK;
}

/* The first place in the bill's names at which this name could stand. */
static size_t
first_named(const struct comparing *c, const char *name)
{
	size_t from = 0, to = c->sbom->count;
	while (from < to) {
		const size_t at = from + (to - from) / 2;
		if (strcmp(c->by_name[at]->name, name) < 0)
			from = at + 1;
		else
			to = at;
	}
	return from;
}

/* ---- packages ---- */

/* A component is of the package's system, or doesn't say of which. */
static bool
same_system(const struct seal_sbom_component *k, const struct seal_package *p)
{
	const size_t len = strlen(p->type);
	return k->purl == NULL || strncmp(k->purl, "pkg:", 4) != 0 || (strncmp(k->purl + 4, p->type, len) == 0 && k->purl[4 + len] == '/')
	    || strncmp(k->purl + 4, "generic/", 8) == 0;
}

static bool
is_file(const struct seal_sbom_component *k)
{
	return strcmp(k->type, "file") == 0 || strcmp(k->type, "firmware") == 0;
}

/* What the bill has under the package's name: whether that version, and one that has another. */
static bool
find_package(const struct comparing *c, const struct seal_package *p, const struct seal_sbom_component **ret_other)
{
	bool same = false;
	*ret_other = NULL;
	for (size_t i = first_named(c, p->name); i < c->sbom->count && strcmp(c->by_name[i]->name, p->name) == 0; i++) {
		const struct seal_sbom_component *k = c->by_name[i];
		if (is_file(k) || k->self || !same_system(k, p))
			continue;
		if (k->version != NULL && strcmp(k->version, p->version) == 0)
			same = true;
		else
			*ret_other = k;
	}
	return same;
}

static enum assay_status
one_package(struct comparing *c, const struct seal_package *p, struct assay_error *err)
{
	const struct seal_sbom_component *other = NULL;
	const bool same = find_package(c, p, &other);
	c->out->compared++;
	if (same)
		return other == NULL || p->in_source ? ASSAY_OK : tell(c, SEAL_SBOM_TWICE, p->name, other->version, other->line, err);
	if (other == NULL)
		return tell(c, p->in_source ? SEAL_SBOM_SOURCE_MISSING : SEAL_SBOM_MISSING, p->name, p->version, 0, err);
	if (p->in_source)
		return tell(c, SEAL_SBOM_SOURCE_MISSING, p->name, p->version, other->line, err);
	const char *detail = arena_printf(c->arena, "'%s' in the bill, '%s' in '%s'", other->version == NULL ? "" : other->version, p->version, p->file);
	return detail == NULL ? arena_full(err) : tell(c, SEAL_SBOM_VERSION, p->name, detail, other->line, err);
}

static bool
has_package(const struct comparing *c, const char *name)
{
	const struct seal_package wanted = { .name = name }, *key = &wanted;
	return bsearch(&key, c->named, c->packages->count, sizeof(const struct seal_package *), by_package) != NULL;
}

/* ---- files and digests ---- */

static const struct seal_entry *
file_named(const struct comparing *c, const char *name)
{
	while (name[0] == '/' || (name[0] == '.' && name[1] == '/'))
		name += name[0] == '/' ? 1 : 2;
	const struct seal_entry wanted = { .path = name }, *key = &wanted;
	const struct seal_entry *const *hit = bsearch(&key, c->by_path, c->files, sizeof(const struct seal_entry *), by_entry);
	return hit == NULL ? NULL : *hit;
}

/* Without a version it is no package, but a name of something from elsewhere; with a digest that was found above. */
static bool
is_unknown(const struct comparing *c, const struct seal_sbom_component *k)
{
	return !is_file(k) && k->version != NULL && k->sha256 == NULL && c->packages->count > 0 && !has_package(c, k->name);
}

static enum assay_status
one_component(struct comparing *c, const struct seal_sbom_component *k, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	const unsigned char *key = digest;
	const struct seal_entry *e = is_file(k) ? file_named(c, k->name) : NULL;
	/* Files go by their paths; one that a name alone can't find is known by its digest, wherever it lies. */
	if (is_file(k) && e == NULL && (strchr(k->name, '/') != NULL || k->sha256 == NULL))
		return tell(c, SEAL_SBOM_FILE_EXTRA, k->name, NULL, k->line, err);
	if (k->sha256 != NULL) {
		TRY(text_unhex(assay_span_str(k->sha256), digest, sizeof digest));
		c->out->compared++;
		if (e != NULL && memcmp(e->sha256, digest, sizeof digest) != 0)
			return tell(c, SEAL_SBOM_HASH, k->name, k->sha256, k->line, err);
		if (e == NULL && bsearch(&key, c->digests, c->files, sizeof(const unsigned char *), by_digest) == NULL)
			return tell(c, SEAL_SBOM_HASH_UNKNOWN, k->name, k->sha256, k->line, err);
	}
	if (is_unknown(c, k))
		return tell(c, SEAL_SBOM_EXTRA, k->name, k->version, k->line, err);
	return ASSAY_OK;
}

/* A bill that lists files is held to list those that run. */
static enum assay_status
missing_files(struct comparing *c, struct assay_error *err)
{
	bool *seen = arena_array(c->arena, c->files + 1, sizeof *seen);
	if (seen == NULL)
		return arena_full(err);
	for (size_t i = 0; i < c->sbom->count; i++) {
		const struct seal_entry *e = is_file(&c->sbom->components[i]) ? file_named(c, c->sbom->components[i].name) : NULL;
		const struct seal_entry *const *hit = e == NULL ? NULL
		    : bsearch(&e, c->by_path, c->files, sizeof(const struct seal_entry *), by_entry);
		if (hit != NULL)
			seen[hit - (const struct seal_entry *const *)c->by_path] = true;
	}
	for (size_t i = 0; i < c->files; i++) {
		if (!seen[i] && seal_is(c->by_path[i]->looked, SEAL_GROUP_CODE))
			TRY(tell(c, SEAL_SBOM_FILE_MISSING, c->by_path[i]->path, NULL, 0, err));
	}
	return ASSAY_OK;
}

static enum assay_status
about(struct comparing *c, const struct seal_product *product, struct assay_error *err)
{
	const struct seal_sbom *s = c->sbom;
	if (s->name == NULL || strcmp(s->name, product->name) != 0)
		TRY(tell(c, SEAL_SBOM_OTHER_PRODUCT, s->name == NULL ? "" : s->name, product->name, 0, err));
	if (s->version == NULL || strcmp(s->version, product->version) != 0)
		TRY(tell(c, SEAL_SBOM_OTHER_RELEASE, s->version == NULL ? "" : s->version, product->version, 0, err));
	if (!s->serial_sound || !s->revision_sound)
		TRY(tell(c, SEAL_SBOM_SERIAL, s->serial == NULL ? "" : s->serial, NULL, 0, err));
	if (c->packages->unread != NULL)
		TRY(tell(c, SEAL_SBOM_DATABASE, c->packages->unread, NULL, 0, err));
	if (c->packages->databases == 0)
		TRY(tell(c, SEAL_SBOM_UNCOMPARED, product->name, NULL, 0, err));
	return ASSAY_OK;
}

enum assay_status
seal_sbom_compare(const struct seal_sbom *sbom, const struct seal_product *product, const struct seal_entry *entries, size_t count,
    const struct seal_packages *packages, struct arena *arena, struct seal_sbom_outcome *ret_outcome, struct assay_error *err)
{
	struct seal_sbom_outcome out = { .facts = NULL };
	struct comparing c = { .sbom = sbom, .packages = packages, .arena = arena, .out = &out, .end = &out.facts };
	TRY(sort_all(&c, entries, count, err));
	TRY(about(&c, product, err));
	for (size_t i = 0; i < packages->count; i++)
		TRY(one_package(&c, &packages->list[i], err));
	for (size_t i = 0; i < sbom->count; i++) {
		if (!sbom->components[i].self)
			TRY(one_component(&c, &sbom->components[i], err));
	}
	if (c.lists_files)
		TRY(missing_files(&c, err));
	*ret_outcome = out;
	return ASSAY_OK;
}
