/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: where an entry's content comes from, and whether that is what its name says.
 */
#include "npm.h"

#define MODULES "node_modules/"

bool
npm_by_address(const char *spec)
{
	static const char *const prefixes[] = { "git+", "git:", "git@", "github:", "gitlab:", "bitbucket:", "gist:",
		"http:", "https:", "ssh:", "file:", "link:", "workspace:", "./", "../", "/", "~/" };
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		if (dep_starts(spec, prefixes[i]))
			return true;
	}
	/* "owner/name" */
	return strchr(spec, '/') != NULL && !dep_starts(spec, "npm:");
}

static struct dep_place
place_of(const struct npm_entry *e)
{
	return (struct dep_place){ e->lock->path, e->node->line, e->node->column };
}

static bool
is_git(const char *resolved)
{
	return dep_starts(resolved, "git+") || dep_starts(resolved, "git:") || dep_starts(resolved, "git@")
	    || dep_starts(resolved, "github:") || dep_starts(resolved, "gitlab:") || dep_starts(resolved, "bitbucket:");
}

static enum assay_status
check_git(struct dep_work *w, const struct npm_entry *e)
{
	const char *at = strrchr(e->resolved, '#');
	TRY(dep_refer_url(w, DEP_REF_REPOSITORY, e->resolved, place_of(e)));
	if (CATCH(npm_git, at == NULL || !dep_full_id(at + 1)))
		return dep_find(w, DEP_NPM_GIT, place_of(e), e->key,
		    "'%s' comes from a repository, by a name that moves: '%.200s'", e->key, e->resolved);
	return ASSAY_OK;
}

/* A folder or an archive below the lockfile. */
static enum assay_status
check_local(struct dep_work *w, const struct npm_entry *e, const char *relative, bool link)
{
	const char *path = dep_join(w->arena, e->lock->folder, relative);
	const char *manifest = path != NULL ? arena_printf(w->arena, "%s/package.json", path) : NULL;
	bool there = path != NULL && (sources_find(w->sources, path) != NULL
	    || (manifest != NULL && sources_find(w->sources, manifest) != NULL));
	if (CATCH(npm_outside, !there))
		return dep_find(w, DEP_NPM_OUTSIDE, place_of(e), e->key,
		    "'%s' comes from '%.200s', which isn't in the tree", e->key, relative);
	bool archive = path != NULL && sources_find(w->sources, path) != NULL;
	return archive && !link ? npm_check_hash(w, e, place_of(e)) : ASSAY_OK;
}

/* ".../NAME/-/BASE-VERSION.tgz", or "/NAME/VERSION/" somewhere in it: how registries name an archive. */
static bool
is_archive_of(struct dep_work *w, const char *url, const char *name, const char *version)
{
	const char *base = strrchr(name, '/');
	size_t plus = strcspn(version, "+");
	const char *tail = arena_printf(w->arena, "/%s/-/%s-%.*s.tgz", name, base != NULL ? base + 1 : name, (int)plus,
	    version);
	const char *inside = arena_printf(w->arena, "/%s/%s/", name, version);
	if (tail == NULL || inside == NULL)
		return false;
	const char *dash = strstr(url, "/-/");
	if (dash == NULL)
		return strstr(url, inside) != NULL;
	size_t len = strcspn(url, "?#"), n = strlen(tail);
	return len >= n && strncmp(url + len - n, tail, n) == 0;
}

/* "%2f" between scope and name, as some registries write it. */
static const char *
plain_url(struct dep_work *w, const char *url)
{
	char *out = arena_str(w->arena, url);
	char *found = out != NULL ? strcasestr(out, "%2f") : NULL;
	if (found != NULL) {
		*found = '/';
		memmove(found + 1, found + 3, strlen(found + 3) + 1);
	}
	return out;
}

static enum assay_status
check_remote(struct dep_work *w, const struct npm_entry *e)
{
	const char *real = jsontree_str(e->node, "name");
	const char *url = plain_url(w, e->resolved);
	const char *version = e->version != NULL ? e->version : "";
	const char *name = real != NULL ? real : e->name;
	if (url == NULL)
		return arena_full(w->err);
	if (dep_starts(version, "npm:")) {
		const char *at = strrchr(version, '@');
		name = at != NULL && at > version + 4 ? arena_copy(w->arena,
			(struct assay_span){ (const unsigned char *)version + 4, (size_t)(at - version - 4) }) : name;
		version = at != NULL ? at + 1 : version;
	}
	const char *host = strstr(e->resolved, "://") + 3;
	const char *origin = arena_printf(w->arena, "%.*s/", (int)(host - e->resolved) + (int)strcspn(host, "/?#"), e->resolved);
	if (origin == NULL)
		return arena_full(w->err);
	TRY(dep_refer_url(w, DEP_REF_SUPPLIER, e->resolved, place_of(e)));
	TRY(dep_refer(w, DEP_REF_SOURCE, origin, place_of(e)));
	TRY(npm_check_hash(w, e, place_of(e)));
	bool foreign = name != NULL && !e->by_url && !is_archive_of(w, url, name, version);
	if (CATCH(npm_foreign_archive, foreign))
		return dep_find(w, DEP_NPM_FOREIGN, place_of(e), e->key,
		    "'%s' is %s %.60s, and its address is another's: '%.200s'", e->key, name, version, e->resolved);
	return ASSAY_OK;
}

enum assay_status
npm_check_entry(struct dep_work *w, const struct npm_entry *e)
{
	dep_judged(w, DEP_LOCKED, "npm packages");
	if (jsontree_true(e->node, "link"))
		return check_local(w, e, e->resolved != NULL ? e->resolved : "", true);
	if (e->resolved == NULL)
		return npm_check_hash(w, e, place_of(e));
	if (is_git(e->resolved))
		return check_git(w, e);
	if (dep_starts(e->resolved, "file:"))
		return check_local(w, e, e->resolved + 5, false);
	if (dep_starts(e->resolved, "https://") || dep_starts(e->resolved, "http://"))
		return check_remote(w, e);
	if (CATCH(npm_address, true))
		return dep_find(w, DEP_NPM_FORM, place_of(e), e->key, "'%s' comes from '%.200s', a kind of address that isn't known",
		    e->key, e->resolved);
	return ASSAY_OK;
}

const char *
npm_resolve(const struct npm_lock *lock, const char *key, const char *name,
    const struct jsontree **ret_node)
{
	char wanted[2 * NPM_KEY_MAX];
	size_t len = strlen(key);
	if (len > NPM_KEY_MAX || strlen(name) > NPM_KEY_MAX / 2)
		return NULL;
	for (;;) {
		(void)snprintf(wanted, sizeof wanted, "%.*s%s" MODULES "%s", (int)len, key, len > 0 ? "/" : "", name);
		const struct jsontree *node = jsontree_get(lock->packages, wanted);
		if (node != NULL) {
			if (ret_node != NULL)
				*ret_node = node;
			return node->key;
		}
		if (len == 0)
			return NULL;
		/* Up to the folder around it, past "node_modules". */
		do {
			while (len > 0 && key[len - 1] != '/')
				len--;
			len -= len > 0;
		} while (len >= 12 && strncmp(key + len - 12, "node_modules", 12) == 0
		    && (len == 12 || key[len - 13] == '/'));
	}
}
