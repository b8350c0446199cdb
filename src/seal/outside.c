/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a release asks for and doesn't hold: libraries, interpreters, the ends of links. A library is taken to be in the release when one of
 * that name is anywhere in it; which folders a loader will search is the platform's to say.
 */
#include "cover.h"

#include <assay/manifest.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <stdlib.h>
#include <string.h>

#define HOPS_MAX 40u
#define PATH_ROOM (ASSAY_MANIFEST_PATH_MAX + ASSAY_MANIFEST_TARGET_MAX + 2)

/* ---- links ---- */

static const struct seal_entry *
find(const struct seal_scene *s, struct assay_span path)
{
	size_t from = 0, to = s->count;
	while (from < to) {
		const size_t at = from + (to - from) / 2;
		const int order = assay_manifest_order(assay_span_str(s->entries[at].path), path);
		if (order == 0)
			return &s->entries[at];
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return NULL;
}

/* A walk: where it stands, and what is left to go. */
struct way {
	const struct seal_scene *scene;
	char at[PATH_ROOM];
	size_t len;
	char rest[PATH_ROOM];
	unsigned hops;
};

static void
go_up(struct way *w)
{
	while (w->len > 0 && w->at[w->len - 1] != '/')
		w->len--;
	w->len -= w->len > 0;
}

/* Puts a link's target before what is left. */
static enum cover_way
follow(struct way *w, const char *target)
{
	char joined[PATH_ROOM];
	const size_t len = strlen(target), rest = strlen(w->rest);
	if (++w->hops > HOPS_MAX || len + rest + 2 > sizeof joined)
		return COVER_LOOP;
	text_put(joined, sizeof joined, "%s/%s", target, w->rest);
	memcpy(w->rest, joined, len + rest + 2);
	if (target[0] == '/')
		w->len = 0;
	else
		go_up(w);
	return COVER_FOUND;
}

/* One component further. */
static enum cover_way
step(struct way *w, const char *name, size_t len, const struct seal_entry **ret_entry)
{
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		if (w->len == 0)
			return COVER_LEADS_OUT;
		go_up(w);
		*ret_entry = find(w->scene, (struct assay_span){ (const unsigned char *)w->at, w->len });
		return COVER_FOUND;
	}
	if (w->len + len + 1 >= sizeof w->at)
		return COVER_NOTHING;
	if (w->len > 0)
		w->at[w->len++] = '/';
	memcpy(w->at + w->len, name, len);
	w->len += len;
	*ret_entry = find(w->scene, (struct assay_span){ (const unsigned char *)w->at, w->len });
	if (*ret_entry == NULL)
		return COVER_NOTHING;
	return (*ret_entry)->type == SEAL_TYPE_LINK ? follow(w, (*ret_entry)->target) : COVER_FOUND;
}

enum cover_way
cover_resolve(const struct seal_scene *scene, const char *from, const char *path, const struct seal_entry **ret_entry)
{
	struct way w = { .scene = scene };
	const size_t len = strlen(path), start = strlen(from);
	const struct seal_entry *entry = NULL;
	if (len >= sizeof w.rest || start >= sizeof w.at)
		return COVER_NOTHING;
	memcpy(w.rest, path, len + 1);
	if (path[0] != '/') {
		memcpy(w.at, from, start);
		w.len = start;
		go_up(&w);
	}
	for (;;) {
		char name[ASSAY_MANIFEST_PATH_MAX];
		const size_t skip = strspn(w.rest, "/"), part = strcspn(w.rest + skip, "/");
		if (part == 0)
			break;
		if (part >= sizeof name)
			return COVER_NOTHING;
		memcpy(name, w.rest + skip, part);
		memmove(w.rest, w.rest + skip + part, strlen(w.rest + skip + part) + 1);
		if (part == 1 && name[0] == '.')
			continue;
		const enum cover_way way = step(&w, name, part, &entry);
		if (way != COVER_FOUND)
			return way;
	}
	/* The root itself is no entry, and it is there. */
	*ret_entry = entry;
	return COVER_FOUND;
}

enum assay_status
cover_link(struct cover *c, const struct seal_entry *e, struct assay_error *err)
{
	const struct seal_entry *end = NULL;
	const enum cover_way way = cover_resolve(c->scene, e->path, e->target, &end);
	const bool absolute = e->target[0] == '/';
	switch (way) {
	case COVER_FOUND:
		return absolute ? cover_fact(c, SEAL_MATTER_LINK_ABSOLUTE, e->path, e->target, err) : ASSAY_OK;
	case COVER_LOOP:
		return cover_fact(c, SEAL_MATTER_LINK_LOOP, e->path, e->target, err);
	case COVER_LEADS_OUT:
		return cover_fact(c, SEAL_MATTER_LINK_OUTSIDE, e->path, e->target, err);
	case COVER_NOTHING:
	default:
		return cover_fact(c, absolute ? SEAL_MATTER_LINK_OUTSIDE : SEAL_MATTER_LINK_DANGLING, e->path, e->target, err);
	}
}

/* ---- libraries and interpreters ---- */

/* Something that is asked for, and by whom first. */
struct want {
	enum seal_matter matter;
	const char *name, *path;
	size_t place; /* of the first that asks */
};

struct wants {
	struct want *list;
	size_t count;
	const char **names; /* of libraries that are in the release */
	size_t name_count;
};

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

static int
by_want(const void *a, const void *b)
{
	const struct want *x = a, *y = b;
	const int name = x->matter != y->matter ? (x->matter > y->matter ? 1 : -1) : strcmp(x->name, y->name);
	return name != 0 ? name : x->place > y->place ? 1 : x->place < y->place ? -1 : 0;
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static bool
is_there(const struct wants *w, const char *name)
{
	return bsearch(&name, w->names, w->name_count, sizeof *w->names, by_text) != NULL;
}

/* Whether a program is there: by its path, or, named alone, in one of the folders where programs are searched. */
static bool
runs_here(const struct seal_scene *s, const char *program)
{
	static const char *const folders[] = { "usr/local/sbin/", "usr/local/bin/", "usr/sbin/", "usr/bin/", "sbin/", "bin/" };
	const struct seal_entry *end = NULL;
	char path[ASSAY_MANIFEST_PATH_MAX];
	const size_t len = strlen(program);
	if (strchr(program, '/') != NULL)
		return cover_resolve(s, "", program, &end) == COVER_FOUND && end != NULL && end->type == SEAL_TYPE_FILE;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const size_t head = strlen(folders[i]);
		if (len == 0 || head + len >= sizeof path)
			return false;
		memcpy(path, folders[i], head);
		memcpy(path + head, program, len + 1);
		if (cover_resolve(s, "", path, &end) == COVER_FOUND && end != NULL && end->type == SEAL_TYPE_FILE)
			return true;
	}
	return false;
}

static void
want(struct wants *w, enum seal_matter matter, const char *name, const char *path, size_t place)
{
	w->list[w->count++] = (struct want){ .matter = matter, .name = name, .path = path, .place = place };
}

static void
take_wants(const struct seal_scene *s, struct wants *w, size_t place)
{
	const struct seal_entry *e = &s->entries[place];
	const struct seal_elf *elf = e->looked->elf;
	const struct seal_script *script = e->looked->script;
	for (size_t i = 0; elf != NULL && i < elf->needed_count; i++) {
		if (!is_there(w, last_part(elf->needed[i])))
			want(w, SEAL_MATTER_LIBRARY_OUTSIDE, elf->needed[i], e->path, place);
	}
	if (elf != NULL && elf->interpreter != NULL && !runs_here(s, elf->interpreter))
		want(w, SEAL_MATTER_INTERPRETER_OUTSIDE, elf->interpreter, e->path, place);
	if (script == NULL)
		return;
	if (!runs_here(s, script->interpreter))
		want(w, SEAL_MATTER_INTERPRETER_OUTSIDE, script->interpreter, e->path, place);
	if (strcmp(script->program, script->interpreter) != 0 && !runs_here(s, script->program))
		want(w, SEAL_MATTER_INTERPRETER_OUTSIDE, script->program, e->path, place);
}

/* Names by which loaders find what is here: of files that are ELF, of links, and those that libraries give themselves. */
static void
take_names(const struct seal_scene *s, struct wants *w)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct seal_entry *e = &s->entries[i], *end = NULL;
		const struct seal_elf *elf = e->looked->elf;
		if (e->type == SEAL_TYPE_LINK && cover_resolve(s, e->path, e->target, &end) == COVER_FOUND && end != NULL)
			elf = end->looked->elf;
		if (elf == NULL)
			continue;
		w->names[w->name_count++] = last_part(e->path);
		if (elf->soname != NULL)
			w->names[w->name_count++] = elf->soname;
	}
	qsort(w->names, w->name_count, sizeof *w->names, by_text);
}

static enum assay_status
tell(struct cover *c, struct wants *w, struct assay_error *err)
{
	qsort(w->list, w->count, sizeof *w->list, by_want);
	for (size_t i = 0; i < w->count;) {
		size_t k = i, same = 0;
		for (; k < w->count && w->list[k].matter == w->list[i].matter && strcmp(w->list[k].name, w->list[i].name) == 0; k++)
			same += k == i || w->list[k].place != w->list[k - 1].place;
		struct seal_fact *f = arena_alloc(c->arena, sizeof *f);
		if (f == NULL)
			return arena_full(err);
		*f = (struct seal_fact){ .matter = w->list[i].matter, .path = w->list[i].path, .object = w->list[i].name, .count = same };
		/* Where the policy says what the rest comes from, this is no question any more. */
		f->weight = c->scene->platform != NULL ? SEAL_NOTE : seal_matters[f->matter].weight;
		*c->end = f;
		c->end = &f->next;
		c->out->fact_count++;
		i = k;
	}
	return ASSAY_OK;
}

enum assay_status
cover_outside(struct cover *c, struct assay_error *err)
{
	const struct seal_scene *s = c->scene;
	size_t wanted = 1;
	for (size_t i = 0; i < s->count; i++)
		wanted += (s->entries[i].looked->elf != NULL ? s->entries[i].looked->elf->needed_count : 0) + 3;
	struct wants w = { .list = arena_array(c->arena, wanted, sizeof *w.list), .names = arena_array(c->arena, 2 * s->count + 1, sizeof *w.names) };
	if (w.list == NULL || w.names == NULL)
		return arena_full(err);
	take_names(s, &w);
	for (size_t i = 0; i < s->count; i++)
		take_wants(s, &w, i);
	return tell(c, &w, err);
}
