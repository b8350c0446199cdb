/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References to what lies outside, by names that a list can hold: no scheme, no user, no port, no ".git".
 */
#include "work.h"

#include <base/text.h>

#define SLOTS 131072u /* a power of two, more than twice DEP_REFS_MAX */

struct dep_seen {
	const struct dep_ref *slots[SLOTS];
};

static uint32_t
hash_of(enum dep_ref_kind kind, const char *name, const char *file)
{
	uint32_t h = 2166136261u + (uint32_t)kind;
	for (const char *p = name; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (const char *p = file; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	return h;
}

enum assay_status
dep_refer(struct dep_work *w, enum dep_ref_kind kind, const char *name, struct dep_place place)
{
	if (w->seen == NULL && (w->seen = arena_alloc(w->keep, sizeof *w->seen)) == NULL)
		return arena_full(w->err);
	uint32_t at = hash_of(kind, name, place.file) % SLOTS;
	for (; w->seen->slots[at] != NULL; at = (at + 1) % SLOTS) {
		const struct dep_ref *r = w->seen->slots[at];
		if (r->kind == kind && strcmp(r->name, name) == 0 && strcmp(r->file, place.file) == 0)
			return ASSAY_OK;
	}
	if (w->ref_count == DEP_REFS_MAX) {
		w->model->refs_dropped++;
		return ASSAY_OK;
	}
	struct dep_ref *r = arena_alloc(w->keep, sizeof *r);
	if (r == NULL)
		return arena_full(w->err);
	*r = (struct dep_ref){ .kind = kind, .file = place.file, .line = place.line };
	r->name = arena_str(w->keep, name);
	if (r->name == NULL)
		return arena_full(w->err);
	w->seen->slots[at] = r;
	*w->last_ref = r;
	w->last_ref = &r->next;
	w->ref_count++;
	return ASSAY_OK;
}

/* Behind scheme and user; "git@host:owner/name" is "host/owner/name". */
static const char *
past_user(const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *host = scheme != NULL ? scheme + 3 : url;
	size_t authority = strcspn(host, "/?#");
	for (size_t i = authority; i > 0; i--) {
		if (host[i - 1] == '@')
			return host + i;
	}
	return host;
}

enum assay_status
dep_refer_url(struct dep_work *w, enum dep_ref_kind kind, const char *url, struct dep_place place)
{
	const char *host = past_user(url);
	bool by_scheme = strstr(url, "://") != NULL;
	size_t n = strcspn(host, ":/?#"), path = n;
	char *name = arena_str(w->arena, host);
	if (name == NULL)
		return arena_full(w->err);
	for (size_t i = 0; i < n; i++)
		name[i] = text_lower(name[i]);
	if (kind != DEP_REF_REPOSITORY) {
		name[n] = '\0';
		return n > 0 ? dep_refer(w, kind, name, place) : ASSAY_OK;
	}
	/* ":22/" is a port, ":owner" the beginning of a path. */
	if (host[n] == ':' && by_scheme)
		path += 1 + strspn(host + n + 1, "0123456789");
	else if (host[n] == ':')
		path++;
	path += strspn(host + path, "/");
	size_t len = path + strcspn(host + path, "?#");
	while (len > path && host[len - 1] == '/')
		len--;
	if (len - path > 4 && strncmp(host + len - 4, ".git", 4) == 0)
		len -= 4;
	name[n] = '/';
	memmove(name + n + (n > 0), host + path, len - path);
	name[n + (n > 0) + len - path] = '\0';
	return dep_refer(w, kind, name, place);
}

enum assay_status
dep_source(struct dep_work *w, const char *url, struct dep_place place)
{
	dep_judged(w, DEP_INSTALL, "package sources");
	TRY(dep_refer(w, DEP_REF_SOURCE, url, place));
	if (CATCH(source_insecure, dep_starts(url, "http://")))
		return dep_find(w, DEP_INSECURE_SOURCE, place, url, "packages come from '%.200s', a line that anybody on it can alter", url);
	return ASSAY_OK;
}
