/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include "leaks.h"
#include "links.h"

#include <base/catch.h>

static void
note(struct store *s, struct id_list *list, const struct id_pair *item)
{
	pthread_mutex_lock(&s->lock);
	id_list_add(list, item);
	pthread_mutex_unlock(&s->lock);
}

void
store_note_unreadable(struct store *s, uint32_t object)
{
	struct store_object *o = &s->objects[object];
	const struct id_pair item = { .id = o->id, .type = o->type };
	o->state = OBJECT_UNREADABLE;
	note(s, &s->altered, &item);
}

void
store_note_over_cap(struct store *s, uint32_t object)
{
	struct store_object *o = &s->objects[object];
	const struct id_pair item = { .id = o->id, .type = o->type };
	o->state = OBJECT_OVER_CAP;
	note(s, &s->over_cap, &item);
}

/* Keeps where a parent is. False when not all of them can be kept. */
static bool
keep_parent(struct store_commit *c, uint32_t object)
{
	if (object == STORE_NONE || c->parent_count == STORE_PARENTS_MAX)
		return false;
	c->parents[c->parent_count++] = object;
	return true;
}

/* Notes what the object leads to and isn't there. Parents beyond a shallow boundary aren't expected to be. */
static void
check_links(struct store *s, const struct store_object *o, struct assay_span bytes)
{
	const enum oid_algo algo = s->c->repository->algo;
	const bool boundary = o->type == GIT_COMMIT && store_is_shallow(s, &o->id);
	struct assay_error why = { 0 };
	struct link link;
	size_t cursor = 0;
	enum assay_status status;
	bool whole = o->type == GIT_COMMIT && o->commit != STORE_NONE && !boundary;
	if (whole)
		s->commits[o->commit].parent_count = 0;
	while ((status = links_next(o->type, bytes, algo, &cursor, &link, &why)) == ASSAY_OK) {
		const uint32_t object = store_find(s, &link.id);
		if (link.parent && whole)
			whole = keep_parent(&s->commits[o->commit], object);
		if ((link.parent && boundary) || object != STORE_NONE)
			continue;
		const struct id_pair item = { .id = link.id, .other = o->id, .type = link.type };
		if (CATCH(object_missing, !is_empty_tree(&link.id, algo)))
			note(s, &s->missing, &item);
	}
	if (whole)
		s->commits[o->commit].has_parents = status == ASSAY_E_NOT_FOUND;
	const struct id_pair item = { .id = o->id, .type = o->type };
	if (CATCH(object_malformed, status != ASSAY_E_NOT_FOUND))
		note(s, &s->malformed, &item);
}

void
store_check(struct store *s, uint32_t object, struct assay_span bytes)
{
	struct store_object *o = &s->objects[object];
	struct id_pair item = { .id = o->id, .type = o->type };
	enum assay_status status
	    = git_hash(s->c->repository->algo, o->type, bytes, &item.other, NULL);
	if (status == ASSAY_E_VERIFY) {
		o->state = OBJECT_COLLISION;
		note(s, &s->collisions, &item);
		return;
	}
	if (status != ASSAY_OK) {
		/* Nothing was computed, so nothing can be said of the object: the whole reading failed. */
		pthread_mutex_lock(&s->lock);
		s->unhashed = status;
		pthread_mutex_unlock(&s->lock);
		return;
	}
	if (CATCH(object_altered, oid_compare(&item.other, &o->id) != 0)) {
		o->state = OBJECT_ALTERED;
		note(s, &s->altered, &item);
		return;
	}
	o->state = OBJECT_OK;
	check_links(s, o, bytes);
	if (s->leaks != NULL && o->type != GIT_TREE)
		leaks_look(s->leaks, &o->id, (enum git_type)o->type, bytes);
}
