/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: submodules. A commit's id stands in the tree itself; what can be wrong is all around it.
 */
#include "fetch.h"

#include <codec/gitconfig.h>

#define GITMODULES ".gitmodules"
/* Each is compared with each. */
#define KEYS_MAX 5000u
#define MODULES_MAX 5000u

struct module {
	const char *name; /* "submodule.NAME." */
	size_t len;
	const char *path, *url, *update;
	unsigned line;
};

static bool
fits(const struct gitconfig_entry *e, const struct module *m, const char *key)
{
	return strncmp(e->key, m->name, m->len) == 0 && strcmp(e->key + m->len, key) == 0;
}

/* All keys of the section that entry i belongs to. The last one counts, as for git. */
static void
gather(const struct gitconfig *c, size_t i, struct module *m)
{
	const char *key = c->entries[i].key;
	*m = (struct module){ .name = key, .len = (size_t)(strrchr(key, '.') - key) + 1, .line = c->entries[i].line };
	for (size_t k = 0; k < c->count; k++) {
		const struct gitconfig_entry *e = &c->entries[k];
		if (fits(e, m, "path"))
			m->path = e->value;
		else if (fits(e, m, "url"))
			m->url = e->value;
		else if (fits(e, m, "update"))
			m->update = e->value;
	}
}

/* The first entry of its section only, so that each section is looked at once. */
static bool
is_first(const struct gitconfig *c, size_t i)
{
	size_t len = (size_t)(strrchr(c->entries[i].key, '.') - c->entries[i].key) + 1;
	for (size_t k = 0; k < i; k++) {
		if (strncmp(c->entries[k].key, c->entries[i].key, len) == 0 && strchr(c->entries[k].key + len, '.') == NULL)
			return false;
	}
	return dep_starts(c->entries[i].key, "submodule.") && len > strlen("submodule.");
}

static enum assay_status
check_module(struct dep_work *w, const struct module *m)
{
	struct dep_place place = { GITMODULES, m->line, 1 };
	const struct source_file *f = m->path != NULL ? sources_find(w->sources, m->path) : NULL;
	if (f == NULL || f->mode != 0160000 || m->url == NULL)
		return ASSAY_OK;
	TRY(dep_refer_url(w, DEP_REF_REPOSITORY, m->url, place));
	if (CATCH(module_runs, strstr(m->url, "::") != NULL || m->url[0] == '-'
	        || (m->update != NULL && m->update[0] == '!')))
		return dep_find(w, DEP_MODULE_RUNS, place, m->path, "the submodule '%.200s' has a program started to fetch it", m->path);
	if (CATCH(module_insecure, dep_starts(m->url, "http://") || dep_starts(m->url, "git://")))
		return dep_find(w, DEP_MODULE_INSECURE, place, m->path,
		    "the submodule '%.200s' is fetched from '%.200s', a line that anybody on it can alter", m->path, m->url);
	return ASSAY_OK;
}

enum assay_status
modules_read(struct dep_work *w, const struct source_file *f)
{
	struct gitconfig c;
	if (strcmp(f->path, GITMODULES) != 0)
		return ASSAY_OK;
	TRY(gitconfig_parse(f->bytes, GITMODULES, w->arena, &c, w->err));
	if (c.count > KEYS_MAX)
		return assay_fail(w->err, ASSAY_E_LIMIT, "more keys than are read");
	for (size_t i = 0; i < c.count; i++) {
		struct module m;
		if (strrchr(c.entries[i].key, '.') == NULL || !is_first(&c, i))
			continue;
		gather(&c, i, &m);
		TRY(check_module(w, &m));
	}
	return ASSAY_OK;
}

static bool
is_named(const struct gitconfig *c, const char *path)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct gitconfig_entry *e = &c->entries[i];
		if (!dep_starts(e->key, "submodule.") || !dep_ends(e->key, ".path") || strcmp(e->value, path) != 0)
			continue;
		struct module m;
		gather(c, i, &m);
		return m.url != NULL && *m.url != '\0' && strcmp(m.path, path) == 0;
	}
	return false;
}

enum assay_status
modules_check(struct dep_work *w)
{
	const struct source_file *f = sources_find(w->sources, GITMODULES);
	struct gitconfig c = { 0 };
	size_t seen = 0;
	if (f != NULL && f->has_bytes && f->mode != 0120000
	    && gitconfig_parse(f->bytes, GITMODULES, w->arena, &c, w->err) != ASSAY_OK) {
		assay_error_clear(w->err);
		c.count = 0;
	}
	c.count = c.count > KEYS_MAX ? KEYS_MAX : c.count;
	for (size_t i = 0; i < w->sources->count; i++) {
		const struct source_file *m = &w->sources->files[i];
		struct dep_place place = { m->path, 0, 0 };
		if (m->mode != 0160000)
			continue;
		if (++seen > MODULES_MAX)
			return dep_find(w, DEP_SOURCE_UNREAD, place, NULL, "more than %u submodules: the others weren't looked at",
			    MODULES_MAX);
		dep_judged(w, DEP_SOURCES, "submodules");
		if (CATCH(module_unnamed, !is_named(&c, m->path)))
			TRY(dep_find(w, DEP_MODULE_UNNAMED, place, m->path,
			    "the submodule '%.200s' stands in the tree, and " GITMODULES " doesn't say where it comes from", m->path));
	}
	return ASSAY_OK;
}
