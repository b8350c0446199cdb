/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: npm's lockfiles, versions 1, 2 and 3, both halves of them.
 */
#include "npm.h"

#define MODULES "node_modules/"
#define NEST_MAX 100

enum assay_status
npm_open_lock(struct dep_work *w, const struct source_file *f, struct npm_lock *ret_lock)
{
	struct jsontree *root;
	struct npm_lock lock = { .path = f->path };
	struct dep_place place = { f->path, 0, 0 };
	TRY(jsontree_parse(f->bytes, f->path, w->arena, &root, w->err));
	lock.folder = dep_folder(w->arena, f->path);
	if (lock.folder == NULL)
		return arena_full(w->err);
	const struct jsontree *version = jsontree_get(root, "lockfileVersion");
	const char *v = version != NULL && version->kind == JSONTREE_NUMBER ? version->text : "absent";
	*ret_lock = lock;
	if (CATCH(npm_lock_version, strcmp(v, "1") != 0 && strcmp(v, "2") != 0 && strcmp(v, "3") != 0)) {
		place.line = version != NULL ? version->line : 1;
		return dep_find(w, DEP_NPM_VERSION, place, v, "lockfileVersion '%.20s' isn't known", v);
	}
	lock.root = root;
	lock.packages = jsontree_get(root, "packages");
	lock.tree = jsontree_get(root, "dependencies");
	bool formed = (lock.packages == NULL || lock.packages->kind == JSONTREE_OBJECT)
	    && (lock.tree == NULL || lock.tree->kind == JSONTREE_OBJECT)
	    && (lock.packages != NULL || strcmp(v, "1") == 0);
	if (CATCH(npm_lock_form, !formed))
		return dep_find(w, DEP_NPM_FORM, place, NULL, "it doesn't have the parts of a lockfile of version %.20s", v);
	*ret_lock = lock;
	return ASSAY_OK;
}

/* ---- packages: versions 2 and 3 ---- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t
list_by_url(const struct jsontree *package, const char **names)
{
	static const char *const fields[] = { "dependencies", "devDependencies", "optionalDependencies", "peerDependencies" };
	size_t count = 0;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const struct jsontree *list = jsontree_get(package, fields[i]);
		const struct jsontree *d = list != NULL && list->kind == JSONTREE_OBJECT ? list->first : NULL;
		for (; d != NULL; d = d->next) {
			bool by_url = d->kind == JSONTREE_STRING
			    && (dep_starts(d->text, "https:") || dep_starts(d->text, "http:"));
			if (by_url && names != NULL)
				names[count] = d->key;
			count += by_url;
		}
	}
	return count;
}

/* The names that some package asks for by an address: their archives may lie anywhere. */
static enum assay_status
find_by_url(struct dep_work *w, struct npm_lock *lock)
{
	const struct jsontree *first = lock->packages != NULL ? lock->packages->first : NULL;
	size_t total = 0;
	for (const struct jsontree *n = first; n != NULL; n = n->next)
		total += list_by_url(n, NULL);
	lock->by_url = arena_array(w->arena, total + 1, sizeof(const char *));
	if (lock->by_url == NULL)
		return arena_full(w->err);
	for (const struct jsontree *n = first; n != NULL; n = n->next)
		lock->by_url_count += list_by_url(n, lock->by_url + lock->by_url_count);
	qsort(lock->by_url, lock->by_url_count, sizeof(const char *), compare_names);
	return ASSAY_OK;
}

static bool
is_by_url(const struct npm_lock *lock, const char *name)
{
	return bsearch(&name, lock->by_url, lock->by_url_count, sizeof(const char *), compare_names) != NULL;
}

static const char *
name_of(const char *key)
{
	const char *name = key;
	for (const char *p = key; (p = strstr(p, MODULES)) != NULL; p += sizeof MODULES - 1)
		name = p + sizeof MODULES - 1;
	return name;
}

/* The nearest package around key that isn't itself bundled really bundles something. */
static bool
is_bundled(const struct npm_lock *lock, const char *key)
{
	char outer[NPM_KEY_MAX + 1];
	size_t len = strlen(key);
	memcpy(outer, key, len + 1);
	for (;;) {
		const char *last = NULL;
		for (const char *p = outer; (p = strstr(p, MODULES)) != NULL; p += sizeof MODULES - 1)
			last = p;
		if (last == NULL || last == outer)
			return false;
		outer[last - outer - 1] = '\0';
		const struct jsontree *n = jsontree_get(lock->packages, outer);
		if (n == NULL || jsontree_true(n, "link") || strstr(outer, MODULES) == NULL)
			return false;
		if (jsontree_true(n, "inBundle"))
			continue;
		const struct jsontree *bundles = jsontree_get(n, "bundleDependencies");
		return bundles != NULL && (bundles->truth || bundles->count > 0);
	}
}

static enum assay_status
check_edges(struct dep_work *w, const struct npm_lock *lock, const struct jsontree *n)
{
	const struct jsontree *wanted = jsontree_get(n, "dependencies");
	for (const struct jsontree *d = wanted != NULL ? wanted->first : NULL; d != NULL; d = d->next) {
		if (d->key == NULL || jsontree_get(jsontree_get(n, "optionalDependencies"), d->key) != NULL)
			continue;
		struct dep_place place = { lock->path, d->line, d->column };
		if (CATCH(npm_entry_missing, npm_resolve(lock, n->key, d->key, NULL) == NULL))
			TRY(dep_find(w, DEP_NPM_MISSING, place, d->key, "'%s' needs '%s', which isn't in the lockfile",
			    n->key[0] != '\0' ? n->key : "the package", d->key));
	}
	return ASSAY_OK;
}

static enum assay_status
check_package(struct dep_work *w, const struct npm_lock *lock, const struct jsontree *n)
{
	struct npm_entry e = { .lock = lock, .node = n, .key = n->key, .name = name_of(n->key) };
	struct dep_place place = { lock->path, n->line, n->column };
	if (n->kind != JSONTREE_OBJECT || strlen(n->key) > NPM_KEY_MAX)
		return dep_find(w, DEP_NPM_FORM, place, NULL, "the entry '%.200s' is no object, or its name too long", n->key);
	e.version = jsontree_str(n, "version");
	e.resolved = jsontree_str(n, "resolved");
	if (jsontree_get(n, "resolved") != NULL && e.resolved == NULL)
		return dep_find(w, DEP_NPM_FORM, place, n->key, "'resolved' of '%s' is no text", n->key);
	e.by_url = is_by_url(lock, e.name);
	TRY(check_edges(w, lock, n));
	if (n->key[0] == '\0')
		return ASSAY_OK;
	if (strstr(n->key, MODULES) == NULL) {
		const char *path = dep_join(w->arena, lock->folder, n->key);
		const char *manifest = path != NULL ? arena_printf(w->arena, "%s/package.json", path) : NULL;
		bool there = manifest != NULL && sources_find(w->sources, manifest) != NULL;
		if (CATCH(npm_outside_folder, !there))
			return dep_find(w, DEP_NPM_OUTSIDE, place, n->key, "the package '%s' isn't in the tree", n->key);
		return ASSAY_OK;
	}
	if (jsontree_true(n, "inBundle") && jsontree_get(n, "integrity") == NULL) {
		bool bundled = is_bundled(lock, n->key);
		if (CATCH(npm_bundle_claimed, !bundled))
			return dep_find(w, DEP_NPM_BUNDLE, place, n->key,
			    "'%s' says that it comes inside another package, which bundles nothing", n->key);
		dep_judged(w, DEP_LOCKED, "npm packages inside others");
		return ASSAY_OK;
	}
	return npm_check_entry(w, &e);
}

/* ---- the tree: version 1, and for old programs version 2 ---- */

static enum assay_status
compare_halves(struct dep_work *w, const struct npm_lock *lock, const char *key, const struct jsontree *old)
{
	static const char *const fields[] = { "version", "integrity", "resolved" };
	struct dep_place place = { lock->path, old->line, old->column };
	const struct jsontree *now = jsontree_get(lock->packages, key);
	const char *version = jsontree_str(old, "version");
	bool differs = now == NULL;
	if (now != NULL && (version == NULL || npm_by_address(version) || dep_starts(version, "npm:")))
		return ASSAY_OK;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0] && now != NULL; i++) {
		const char *a = jsontree_str(old, fields[i]), *b = jsontree_str(now, fields[i]);
		differs = differs || (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
	}
	if (CATCH(npm_halves, differs))
		return dep_find(w, DEP_NPM_HALVES, place, key, "'%s' is one thing for old npm and another for new npm", key);
	return ASSAY_OK;
}

static enum assay_status check_tree(struct dep_work *w, const struct npm_lock *lock,
    const struct jsontree *list, const char *prefix, unsigned depth);

/* A folder of the tree, by the half that says where it is. */
static enum assay_status
check_old_folder(struct dep_work *w, const struct npm_entry *e, const struct jsontree *now)
{
	struct npm_entry folder = *e;
	if (now != NULL) {
		folder.node = now;
		folder.resolved = jsontree_str(now, "resolved");
	}
	return npm_check_entry(w, &folder);
}

static enum assay_status
check_old_entry(struct dep_work *w, const struct npm_entry *e, const struct jsontree *now, bool inner)
{
	struct dep_place place = { e->lock->path, e->node->line, e->node->column };
	bool archive = e->resolved != NULL && (dep_ends(e->resolved, ".tgz") || dep_ends(e->resolved, ".tar.gz"));
	if (e->resolved != NULL && dep_starts(e->resolved, "file:") && !archive)
		return check_old_folder(w, e, now);
	bool inside = inner && jsontree_true(e->node, "bundled") && jsontree_get(e->node, "integrity") == NULL;
	if (!inside)
		return npm_check_entry(w, e);
	/* With both halves the other one shows what is bundled. */
	if (CATCH(npm_old_bundle, e->lock->packages == NULL))
		return dep_find(w, DEP_NPM_FORM, place, e->key,
		    "'%s' says that it comes inside another package, and a lockfile of version 1 doesn't show whether it does",
		    e->key);
	return ASSAY_OK;
}

static enum assay_status
check_old(struct dep_work *w, const struct npm_lock *lock, const struct jsontree *n, const char *prefix,
    unsigned depth)
{
	struct dep_place place = { lock->path, n->line, n->column };
	char *key = arena_printf(w->arena, "%s" MODULES "%s", prefix, n->key);
	if (key == NULL)
		return arena_full(w->err);
	if (n->kind != JSONTREE_OBJECT || strlen(key) > NPM_KEY_MAX)
		return dep_find(w, DEP_NPM_FORM, place, NULL, "the entry '%.200s' is no object, or its name too long", key);
	struct npm_entry e = { .lock = lock, .node = n, .name = n->key, .key = key };
	e.version = jsontree_str(n, "version");
	e.resolved = jsontree_str(n, "resolved");
	const struct jsontree *now = jsontree_get(lock->packages, key);
	if (lock->packages != NULL)
		TRY(compare_halves(w, lock, key, n));
	/* An address stands in the version's place. */
	if (e.version != NULL && npm_by_address(e.version)) {
		e.by_url = true;
		e.resolved = e.version;
	}
	TRY(check_old_entry(w, &e, now, depth > 0));
	const char *target = jsontree_true(now, "link") ? jsontree_str(now, "resolved") : key;
	const char *inner = arena_printf(w->arena, "%s/", target != NULL ? target : key);
	return inner != NULL ? check_tree(w, lock, jsontree_get(n, "dependencies"), inner, depth + 1) : arena_full(w->err);
}

static enum assay_status
check_tree(struct dep_work *w, const struct npm_lock *lock, const struct jsontree *list, const char *prefix,
    unsigned depth)
{
	struct dep_place place = { lock->path, list != NULL ? list->line : 0, 0 };
	if (list == NULL || list->kind != JSONTREE_OBJECT)
		return ASSAY_OK;
	if (depth > NEST_MAX)
		return dep_find(w, DEP_NPM_FORM, place, NULL, "packages lie deeper in packages than is read");
	for (const struct jsontree *n = list->first; n != NULL; n = n->next)
		TRY(check_old(w, lock, n, prefix, depth));
	return ASSAY_OK;
}

enum assay_status
npm_read_lock(struct dep_work *w, const struct source_file *f)
{
	struct npm_lock lock;
	TRY(npm_open_lock(w, f, &lock));
	if (lock.root == NULL)
		return ASSAY_OK;
	dep_judged(w, DEP_LOCKED, "npm lockfiles");
	TRY(find_by_url(w, &lock));
	for (const struct jsontree *n = lock.packages != NULL ? lock.packages->first : NULL; n != NULL; n = n->next)
		TRY(check_package(w, &lock, n));
	return check_tree(w, &lock, lock.tree, "", 0);
}
