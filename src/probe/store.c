/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include "internal.h"
#include "leaks.h"
#include "links.h"

#include <base/catch.h>

#define OBJECT_ROOM_MAX ((size_t)REPOSITORY_OBJECTS_MAX * sizeof(struct store_object) + (1u << 20))
#define FAN_COUNT 65536u

void
store_free(struct store **store)
{
	struct store *s = *store;
	if (s == NULL)
		return;
	leaks_free(&s->leaks);
	object_reader_free(&s->reader);
	mapping_done(&s->object_room);
	free(s->order);
	free(s->fan);
	free(s->commits);
	id_list_done(&s->altered);
	id_list_done(&s->collisions);
	id_list_done(&s->missing);
	id_list_done(&s->over_cap);
	id_list_done(&s->malformed);
	pthread_mutex_destroy(&s->lock);
	free(s);
	*store = NULL;
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of objects");
}

static enum assay_status
add_object(void *ctx, const struct object_listed *object, struct assay_error *err)
{
	struct store *s = ctx;
	if (s->count >= REPOSITORY_OBJECTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the repository has more than %d objects",
		    REPOSITORY_OBJECTS_MAX);
	const size_t need = ((size_t)s->count + 1) * sizeof(s->objects[0]);
	TRY(mapping_reserve(&s->object_room, need, err));
	s->objects = (struct store_object *)(void *)s->object_room.data;
	/* Until the table of commits is made, their size stands where their index will. */
	s->objects[s->count] = (struct store_object) {
		.id = object->id,
		.place = s->count,
		.commit = object->size > GIT_COMMIT_MAX ? STORE_NONE : (uint32_t)object->size,
		.type = (unsigned char)object->type,
		.known = object->known,
		.state = OBJECT_LISTED,
	};
	s->count++;
	s->object_room.len = need;
	return ASSAY_OK;
}

static uint32_t
fan_of(const struct oid *id)
{
	return (uint32_t)id->b[0] << 8 | id->b[1];
}

static int
compare_objects(const void *a, const void *b)
{
	return oid_compare(&((const struct store_object *)a)->id, &((const struct store_object *)b)->id);
}

static bool
is_commit_or_tag(const struct store_object *o)
{
	return o->known && (o->type == GIT_COMMIT || o->type == GIT_TAG);
}

static unsigned
digits(uint32_t n)
{
	unsigned count = 1;
	for (; n >= 10; n /= 10)
		count++;
	return count;
}

/* "ID TYPE SIZE LF" */
static uint32_t
header_size(const struct store *s, const struct store_object *o, uint32_t size)
{
	return (uint32_t)(oid_size(s->c->repository->algo) * 2 + strlen(git_type_name(o->type)) + 3)
	    + digits(size);
}

/*
 * Sorts the objects: each to its first two bytes, then these few in order. The fan says where the ids of each first two
 * bytes begin, so most of a search is then done too.
 */
static enum assay_status
sort_objects(struct store *s, struct assay_error *err)
{
	CLEANUP(mapping_done) struct mapping room = MAPPING_INIT(OBJECT_ROOM_MAX);
	TRY(mapping_reserve(&room, s->object_room.len + 1, err));
	room.len = s->object_room.len;
	struct store_object *sorted = (struct store_object *)(void *)room.data;
	uint32_t *fan = s->fan = calloc(FAN_COUNT + 2, sizeof(fan[0]));
	if (fan == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < s->count; i++)
		fan[fan_of(&s->objects[i].id) + 2]++;
	for (uint32_t n = 0; n < FAN_COUNT; n++)
		fan[n + 2] += fan[n + 1];
	/* fan[n + 1] is where the next id of n goes, and its end once all have gone. */
	for (uint32_t i = 0; i < s->count; i++)
		sorted[fan[fan_of(&s->objects[i].id) + 1]++] = s->objects[i];
	for (uint32_t n = 0; n < FAN_COUNT; n++)
		if (fan[n + 1] - fan[n] > 1)
			qsort(sorted + fan[n], fan[n + 1] - fan[n], sizeof(sorted[0]), compare_objects);
	const struct mapping unsorted = s->object_room;
	s->object_room = room;
	room = unsorted;
	s->objects = sorted;
	return ASSAY_OK;
}

/* Lays the stream out: where each commit and tag will stand in it. */
static enum assay_status
lay_out(struct store *s, struct assay_error *err)
{
	size_t count = 0;
	for (uint32_t i = 0; i < s->count; i++)
		count += is_commit_or_tag(&s->objects[i]);
	s->commits = calloc(count + 1, sizeof(s->commits[0]));
	s->order = calloc((size_t)s->count + 1, sizeof(s->order[0]));
	if (s->commits == NULL || s->order == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < s->count; i++) {
		struct store_object *o = &s->objects[i];
		s->order[o->place] = i;
		const uint32_t size = o->commit;
		o->commit = STORE_NONE;
		if (CATCH(object_unknown, !o->known))
			store_note_unreadable(s, i);
		if (!is_commit_or_tag(o))
			continue;
		if (size == STORE_NONE) {
			store_note_over_cap(s, i);
			continue;
		}
		o->commit = s->commit_count;
		s->commits[s->commit_count++] = (struct store_commit) {
			.object = i, .size = size, .at = s->stream_len, .header = header_size(s, o, size)
		};
		s->stream_len += header_size(s, o, size) + (uint64_t)size + 1;
	}
	return ASSAY_OK;
}

enum assay_status
store_get(const struct probe_context *c, struct store **ret_store, struct assay_error *err)
{
	if (*c->shared != NULL) {
		*ret_store = *c->shared;
		return ASSAY_OK;
	}
	CLEANUP(store_free) struct store *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return no_memory(err);
	pthread_mutex_init(&s->lock, NULL);
	s->c = c;
	s->object_room = (struct mapping)MAPPING_INIT(OBJECT_ROOM_MAX);
	if (c->find_keys)
		TRY(leaks_new(&s->leaks, err));
	TRY(object_reader_new(c->repository, &s->reader, err));
	TRY(object_reader_list(s->reader, add_object, s, err));
	TRY(sort_objects(s, err));
	TRY(lay_out(s, err));
	*ret_store = *c->shared = steal(&s);
	return ASSAY_OK;
}

uint32_t
store_find(const struct store *s, const struct oid *id)
{
	const uint32_t low = s->fan[fan_of(id)], high = s->fan[fan_of(id) + 1];
	/* An empty store has no array to point into. */
	if (low == high)
		return STORE_NONE;
	const struct store_object *o = id_search(id, s->objects + low, high - low, sizeof(*o));
	return o == NULL ? STORE_NONE : (uint32_t)(o - s->objects);
}

struct assay_span
store_commit_bytes(const struct store *s, const struct store_commit *commit)
{
	return (struct assay_span) { s->stream + commit->at + commit->header, commit->size };
}

bool
store_is_shallow(const struct store *s, const struct oid *id)
{
	const struct repository *r = s->c->repository;
	return id_search(id, r->shallow, r->shallow_count, sizeof(r->shallow[0])) != NULL;
}

uint32_t
store_head_tree(const struct store *s)
{
	const struct repository *r = s->c->repository;
	const uint32_t head = r->has_head ? store_find(s, &r->head) : STORE_NONE;
	if (head == STORE_NONE || s->objects[head].commit == STORE_NONE
	    || s->objects[head].state != OBJECT_OK || s->objects[head].type != GIT_COMMIT)
		return STORE_NONE;
	struct link link;
	size_t cursor = 0;
	if (links_next(GIT_COMMIT, store_commit_bytes(s, &s->commits[s->objects[head].commit]), r->algo,
	        &cursor, &link, NULL)
	    != ASSAY_OK)
		return STORE_NONE;
	return store_find(s, &link.id);
}
