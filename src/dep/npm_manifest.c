/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: a package.json, and whether a lockfile is in step with it.
 */
#include "npm.h"
#include "semver.h"

#define CACHE_MAX (256u << 20)

/* What else installs from a package.json: its own lockfile is reported as not read. */
static const char *const other_locks[] = { "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb" };
/* npm looks at the first alone when both are there. */
static const char *const locks[] = { "npm-shrinkwrap.json", "package-lock.json" };
static const char *const fields[] = { "dependencies", "devDependencies", "optionalDependencies", "peerDependencies" };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

struct npm_cache {
	struct arena *arena;
	struct npm_lock lock;
};

void
npm_forget(struct dep_work *w)
{
	if (w->npm != NULL)
		arena_free(&w->npm->arena);
}

/* The lockfile, from memory when it was the last. Its own findings are made when it is read by itself. */
static enum assay_status
open_cached(struct dep_work *w, const struct source_file *f, const struct npm_lock **ret_lock)
{
	if (w->npm == NULL && (w->npm = arena_alloc(w->keep, sizeof *w->npm)) == NULL)
		return arena_full(w->err);
	if (w->npm->arena == NULL || strcmp(w->npm->lock.path, f->path) != 0) {
		struct dep_model quiet = { 0 };
		struct dep_work own = *w;
		arena_free(&w->npm->arena);
		w->npm->lock = (struct npm_lock){ .path = f->path };
		TRY(arena_new(CACHE_MAX, &w->npm->arena));
		own.model = &quiet;
		own.last_finding = &quiet.findings;
		own.keep = own.arena = w->npm->arena;
		enum assay_status status = npm_open_lock(&own, f, &w->npm->lock);
		w->npm->lock.path = f->path;
		if (status != ASSAY_OK && status != ASSAY_E_MEMORY)
			assay_error_clear(w->err);
		else if (status != ASSAY_OK)
			return status;
	}
	*ret_lock = &w->npm->lock;
	return ASSAY_OK;
}

static const struct source_file *
find_beside(struct dep_work *w, const char *folder, size_t len, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(w->arena, "%.*s%s", (int)len, folder, names[i]);
		const struct source_file *f = path != NULL ? sources_find(w->sources, path) : NULL;
		if (f != NULL)
			return f;
	}
	return NULL;
}

/* ---- in step ---- */

struct step {
	struct dep_work *w;
	const char *file; /* the manifest */
	const struct jsontree *manifest;
	const struct npm_lock *lock;
	const char *key;  /* of the manifest's package among the lock's */
};

/* npm drops a dependency that is optional, too. */
static const char *
spec_in(const struct jsontree *package, const char *field, const char *name)
{
	if (strcmp(field, "dependencies") == 0
	    && jsontree_str(jsontree_get(package, "optionalDependencies"), name) != NULL)
		return NULL;
	return jsontree_str(jsontree_get(package, field), name);
}

static const char *
plain_spec(const char *spec)
{
	if (dep_starts(spec, "file:"))
		spec += 5;
	return dep_starts(spec, "./") ? spec + 2 : spec;
}

/* What one lists and the other doesn't, or differently; a and b in either order. */
static enum assay_status
compare_lists(const struct step *s, const struct jsontree *a, const struct jsontree *b, const char *field, bool mine)
{
	const struct jsontree *list = jsontree_get(a, field);
	if (list == NULL || list->kind != JSONTREE_OBJECT)
		return ASSAY_OK;
	for (const struct jsontree *d = list->first; d != NULL; d = d->next) {
		const char *spec = spec_in(a, field, d->key), *other = spec_in(b, field, d->key);
		if (spec == NULL || (!mine && other != NULL))
			continue;
		struct dep_place place = { mine ? s->file : s->lock->path, d->line, d->column };
		bool differs = other == NULL || strcmp(plain_spec(spec), plain_spec(other)) != 0;
		if (CATCH(npm_out_of_step, differs))
			TRY(dep_find(s->w, DEP_NPM_OUT_OF_STEP, place, d->key,
			    "%s wants '%s' as '%.100s', %s says '%.100s'", mine ? "the manifest" : "the lockfile", d->key,
			    spec, mine ? "the lockfile" : "the manifest", other != NULL ? other : "nothing"));
	}
	return ASSAY_OK;
}

/* Behind the '@' of "npm:name@range"; all of it for others. */
static const char *
past_alias(const char *spec, const char *none)
{
	const char *at = strrchr(spec, '@');
	if (!dep_starts(spec, "npm:"))
		return spec;
	return at != NULL && at > spec + 4 ? at + 1 : none;
}

static enum assay_status
compare_range(const struct step *s, const struct jsontree *wanted, const char *version)
{
	const char *spec = past_alias(wanted->text, "*"), *locked = past_alias(version, "");
	struct dep_place place = { s->file, wanted->line, wanted->column };
	enum semver_answer answer = semver_satisfies(locked, spec);
	/* A tag ("latest") says nothing of versions; a lock that lists it as asked for has answered it. */
	bool tag = answer == SEMVER_UNKNOWN && s->lock->packages != NULL && locked[0] != '\0'
	    && spec[strspn(spec, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
	if (CATCH(npm_range_unread, answer == SEMVER_UNKNOWN && !tag))
		return dep_find(s->w, DEP_NPM_RANGE, place, wanted->key,
		    "whether '%.60s' of '%s' fits '%.100s' can't be told", locked, wanted->key, spec);
	if (CATCH(npm_version_outside, answer == SEMVER_NO))
		return dep_find(s->w, DEP_NPM_OUT_OF_STEP, place, wanted->key,
		    "the manifest wants '%s' as '%.100s', the lockfile has %.60s", wanted->key, spec, locked);
	return ASSAY_OK;
}

/* What is locked, against what is asked for. */
static enum assay_status
compare_version(const struct step *s, const struct jsontree *wanted, const struct jsontree *entry)
{
	const char *version = jsontree_str(entry, "version");
	struct dep_place place = { s->file, wanted->line, wanted->column };
	if (jsontree_true(entry, "link"))
		return ASSAY_OK;
	if (!npm_by_address(wanted->text))
		return compare_range(s, wanted, version != NULL ? version : "");
	bool registry = version != NULL && s->lock->packages == NULL && !npm_by_address(version);
	if (CATCH(npm_address_locked, registry))
		return dep_find(s->w, DEP_NPM_OUT_OF_STEP, place, wanted->key,
		    "the manifest wants '%s' from '%.100s', the lockfile takes it from a registry", wanted->key,
		    wanted->text);
	return ASSAY_OK;
}

/* Version 1 lists a workspace by where it lies. */
static const struct jsontree *
old_workspace(const struct npm_lock *lock, const char *key)
{
	const struct jsontree *n = lock->tree != NULL ? lock->tree->first : NULL;
	for (; n != NULL; n = n->next) {
		const char *version = jsontree_str(n, "version");
		if (version != NULL && dep_starts(version, "file:") && strcmp(version + 5, key) == 0)
			return n;
	}
	return NULL;
}

static const struct jsontree *
locked_entry(const struct step *s, const char *name)
{
	const struct jsontree *entry = NULL;
	if (s->lock->packages != NULL) {
		(void)npm_resolve(s->lock, s->key, name, &entry);
		return entry;
	}
	entry = jsontree_get(jsontree_get(old_workspace(s->lock, s->key), "dependencies"), name);
	return entry != NULL ? entry : jsontree_get(s->lock->tree, name);
}

static enum assay_status
compare_entries(const struct step *s, const char *field)
{
	const struct jsontree *list = jsontree_get(s->manifest, field);
	bool may_lack = strcmp(field, "optionalDependencies") == 0;
	for (const struct jsontree *d = list != NULL ? list->first : NULL; d != NULL; d = d->next) {
		struct dep_place place = { s->file, d->line, d->column };
		if (d->kind != JSONTREE_STRING || spec_in(s->manifest, field, d->key) == NULL)
			continue;
		dep_judged(s->w, DEP_LOCKED, "npm packages asked for");
		const struct jsontree *entry = locked_entry(s, d->key);
		if (entry == NULL && may_lack)
			continue;
		if (CATCH(npm_direct_missing, entry == NULL))
			TRY(dep_find(s->w, DEP_NPM_MISSING, place, d->key, "'%s' isn't in the lockfile", d->key));
		if (entry != NULL)
			TRY(compare_version(s, d, entry));
	}
	return ASSAY_OK;
}

static enum assay_status
compare_manifest(const struct step *s)
{
	const struct jsontree *own = jsontree_get(s->lock->packages, s->key);
	for (size_t i = 0; i < COUNT(fields) && s->lock->packages != NULL; i++) {
		TRY(compare_lists(s, s->manifest, own, fields[i], true));
		TRY(compare_lists(s, own, s->manifest, fields[i], false));
	}
	/* Peers may be left to whoever installs the package. */
	for (size_t i = 0; i < COUNT(fields) - 1; i++)
		TRY(compare_entries(s, fields[i]));
	return ASSAY_OK;
}

/* ---- which lockfile is a manifest's ---- */

static bool
asks_for_something(const struct jsontree *manifest)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct jsontree *list = jsontree_get(manifest, fields[i]);
		if (list != NULL && list->count > 0)
			return true;
	}
	return false;
}

/*
 * Looks in the manifest's folder and those around it: a lockfile of its own, one that names it as a workspace, or another
 * program's, which is found by its own name.
 */
/* With the lockfile f, in the folder that is the first len bytes of the manifest's. */
static enum assay_status
step_with(struct dep_work *w, const struct step *wanted, const struct source_file *f, const char *folder, size_t len,
    bool *ret_found)
{
	struct step s = *wanted;
	size_t whole = strlen(folder);
	char *key = arena_copy(w->arena, (struct assay_span){ (const unsigned char *)folder + len,
		whole - len - (whole > len) });
	if (key == NULL)
		return arena_full(w->err);
	TRY(open_cached(w, f, &s.lock));
	s.key = key;
	*ret_found = s.lock->root == NULL || len == whole || jsontree_get(s.lock->packages, key) != NULL
	    || old_workspace(s.lock, key) != NULL;
	return *ret_found && s.lock->root != NULL ? compare_manifest(&s) : ASSAY_OK;
}

static enum assay_status
find_lock(struct dep_work *w, const struct step *wanted, const char *folder, bool *ret_found)
{
	size_t len = strlen(folder);
	for (;;) {
		const struct source_file *f = find_beside(w, folder, len, locks, COUNT(locks));
		*ret_found = (f != NULL && !f->has_bytes)
		    || find_beside(w, folder, len, other_locks, COUNT(other_locks)) != NULL;
		if (f != NULL && f->has_bytes)
			TRY(step_with(w, wanted, f, folder, len, ret_found));
		if (*ret_found || len == 0)
			return ASSAY_OK;
		for (len--; len > 0 && folder[len - 1] != '/'; len--)
			;
	}
}

enum assay_status
npm_read_manifest(struct dep_work *w, const struct source_file *f)
{
	struct jsontree *manifest;
	bool found = false;
	struct dep_place place = { f->path, 0, 0 };
	TRY(jsontree_parse(f->bytes, f->path, w->arena, &manifest, w->err));
	dep_judged(w, DEP_LOCKED, "npm manifests");
	const char *folder = dep_folder(w->arena, f->path);
	if (folder == NULL)
		return arena_full(w->err);
	struct step s = { .w = w, .file = f->path, .manifest = manifest };
	TRY(find_lock(w, &s, folder, &found));
	if (CATCH(npm_lock_absent, !found && asks_for_something(manifest)))
		return dep_find(w, DEP_NPM_NO_LOCK, place, NULL, "it asks for packages, and no lockfile says which");
	return ASSAY_OK;
}
