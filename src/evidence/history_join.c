/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before and after the threads: the stream cut into objects, and what the chunks found joined.
 */
#include "history_work.h"

#include <base/cleanup.h>
#include <base/unconst.h>
#include <codec/batch.h>

void
work_done(struct work *w)
{
	for (size_t i = 0; i < w->chunk_count; i++) {
		for (uint32_t k = 0; k < w->chunks[i].key_count; k++)
			free(unconst(w->chunks[i].keys[k].field.data));
		free(w->chunks[i].keys);
	}
	free(w->chunks);
	free(w->objects);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to read the history");
}

static enum assay_status
add_object(struct work *w, size_t *room, const struct batch_object *o, struct assay_error *err)
{
	bool is_tag = o->type == GIT_TAG;
	if (!is_tag && o->type != GIT_COMMIT)
		return assay_fail(err, ASSAY_E_FORMAT, "git/objects holds a %s: only commits and tags belong there",
		    git_type_name(o->type));
	if (w->object_count == HISTORY_OBJECTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "git/objects holds more than %d objects",
		    HISTORY_OBJECTS_MAX);
	if (w->object_count == *room) {
		*room = *room == 0 ? 1024 : 2 * *room;
		struct work_object *more = realloc(w->objects, *room * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		w->objects = more;
	}
	struct work_object *at = &w->objects[w->object_count++];
	*at = (struct work_object){ .bytes = o->bytes, .is_tag = is_tag };
	at->place = is_tag ? w->h->tag_count++ : w->h->commit_count++;
	return ASSAY_OK;
}

/* The id stands in front of the object's bytes in the stream; it is read again rather than kept twice. */
static enum assay_status
place_ids(struct work *w, struct assay_span stream, struct assay_error *err)
{
	struct history *h = w->h;
	struct arena *arena = w->context->arena;
	h->commits = arena_array(arena, h->commit_count, sizeof *h->commits);
	h->tags = arena_array(arena, h->tag_count, sizeof *h->tags);
	if ((h->commit_count > 0 && h->commits == NULL) || (h->tag_count > 0 && h->tags == NULL))
		return arena_full(err);
	size_t cursor = 0;
	for (size_t i = 0; i < w->object_count; i++) {
		struct batch_object o;
		const struct work_object *at = &w->objects[i];
		TRY(batch_next(stream, h->algo, &cursor, &o, err));
		if (at->is_tag)
			h->tags[at->place].id = o.id;
		else
			h->commits[at->place].id = o.id;
	}
	TRY(oid_index_build(arena, h->commits, sizeof *h->commits, h->commit_count, &h->by_commit, err));
	return oid_index_build(arena, h->tags, sizeof *h->tags, h->tag_count, &h->by_tag, err);
}

static enum assay_status
make_chunks(struct work *w, struct assay_error *err)
{
	size_t count = (w->object_count + WORK_CHUNK - 1) / WORK_CHUNK;
	w->chunks = calloc(count + 1, sizeof *w->chunks);
	if (w->chunks == NULL)
		return no_memory(err);
	w->chunk_count = count;
	for (size_t i = 0; i < count; i++) {
		size_t first = i * WORK_CHUNK, rest = w->object_count - first;
		w->chunks[i].first = first;
		w->chunks[i].count = rest < WORK_CHUNK ? rest : WORK_CHUNK;
	}
	return ASSAY_OK;
}

enum assay_status
work_cut(struct work *w, struct assay_span stream, struct assay_error *err)
{
	size_t cursor = 0, room = 0;
	struct oid last = { 0 };
	for (;;) {
		struct batch_object o;
		enum assay_status status = batch_next(stream, w->h->algo, &cursor, &o, err);
		if (status == ASSAY_E_NOT_FOUND)
			break;
		TRY(status);
		if (w->object_count > 0 && oid_compare(&last, &o.id) >= 0)
			return assay_fail(err, ASSAY_E_FORMAT,
			    "git/objects isn't sorted by id, or an object stands twice");
		TRY(add_object(w, &room, &o, err));
		last = o.id;
	}
	assay_error_clear(err);
	TRY(place_ids(w, stream, err));
	return make_chunks(w, err);
}

/* ---- joining ---- */

/* Distinct keys by the digest of their field: open addressing, at most half full. */
struct key_table {
	uint32_t *slots; /* place + 1, 0 for free */
	const unsigned char **digests; /* of each place */
	size_t size;
};

static void
key_table_done(struct key_table *t)
{
	free(t->slots);
	free(t->digests);
}

static uint32_t *
slot_of(const struct key_table *t, const unsigned char *digest)
{
	uint64_t head = 0;
	memcpy(&head, digest, sizeof head);
	size_t at = (size_t)head & (t->size - 1);
	while (t->slots[at] != 0 &&
	    memcmp(t->digests[t->slots[at] - 1], digest, ASSAY_SHA256_SIZE) != 0)
		at = (at + 1) & (t->size - 1);
	return &t->slots[at];
}

/* The field again, in memory that stays, with all that the judge compares it by. */
static enum assay_status
keep_key(struct arena *arena, const struct work_key *from, struct history_key *k,
    struct assay_error *err)
{
	char *copy = arena_copy(arena, from->field);
	if (copy == NULL)
		return arena_full(err);
	k->field = (struct assay_span){ (const unsigned char *)copy, from->field.len };
	k->by_certificate = from->by_certificate;
	if (!k->by_certificate) {
		struct assay_pubkey key;
		TRY(assay_pubkey_parse(k->field, &key, err));
		k->plain = k->field;
		k->type = key.type;
		return assay_fingerprint(k->plain, k->fingerprint);
	}
	size_t len = 0;
	unsigned char *plain = arena_alloc(arena, k->field.len);
	if (plain == NULL)
		return arena_full(err);
	TRY(assay_sshcert_parse(k->field, &k->cert, err));
	TRY(assay_sshcert_plain_blob(&k->cert, plain, k->field.len, &len));
	k->plain = (struct assay_span){ plain, len };
	k->type = k->cert.key.type;
	TRY(assay_fingerprint(k->cert.ca.blob, k->ca_fingerprint));
	return assay_fingerprint(k->plain, k->fingerprint);
}

static struct history_signature *
signature_of(struct work *w, size_t object)
{
	const struct work_object *o = &w->objects[object];
	return o->is_tag ? &w->h->tags[o->place].signature : &w->h->commits[o->place].signature;
}

/* From places in the chunk to places in the history. */
static enum assay_status
join_chunk_keys(struct work *w, struct key_table *t, struct work_chunk *c, struct assay_error *err)
{
	uint32_t places[WORK_CHUNK];
	for (uint32_t i = 0; i < c->key_count; i++) {
		uint32_t *slot = slot_of(t, c->keys[i].digest);
		if (*slot == 0) {
			t->digests[w->h->key_count] = c->keys[i].digest;
			TRY(keep_key(w->context->arena, &c->keys[i], &w->h->keys[w->h->key_count],
			    err));
			*slot = ++w->h->key_count;
		}
		places[i] = *slot - 1;
	}
	for (size_t i = 0; i < c->count; i++) {
		struct history_signature *s = signature_of(w, c->first + i);
		if (s->key != HISTORY_NONE)
			s->key = places[s->key];
	}
	return ASSAY_OK;
}

static size_t
count_distinct(const struct work *w, struct key_table *t)
{
	size_t distinct = 0;
	for (size_t i = 0; i < w->chunk_count; i++) {
		for (uint32_t k = 0; k < w->chunks[i].key_count; k++) {
			uint32_t *slot = slot_of(t, w->chunks[i].keys[k].digest);
			if (*slot != 0)
				continue;
			t->digests[distinct] = w->chunks[i].keys[k].digest;
			*slot = (uint32_t)++distinct;
		}
	}
	return distinct;
}

static enum assay_status
join_keys(struct work *w, struct assay_error *err)
{
	CLEANUP(key_table_done) struct key_table t = { .size = 16 };
	size_t most = 0;
	for (size_t i = 0; i < w->chunk_count; i++)
		most += w->chunks[i].key_count;
	while (t.size < 2 * most)
		t.size *= 2;
	t.slots = calloc(t.size, sizeof *t.slots);
	t.digests = calloc(most + 1, sizeof *t.digests);
	if (t.slots == NULL || t.digests == NULL)
		return no_memory(err);
	size_t distinct = count_distinct(w, &t);
	memset(t.slots, 0, t.size * sizeof *t.slots);
	w->h->keys = arena_array(w->context->arena, distinct, sizeof *w->h->keys);
	if (distinct > 0 && w->h->keys == NULL)
		return arena_full(err);
	for (size_t i = 0; i < w->chunk_count; i++)
		TRY(join_chunk_keys(w, &t, &w->chunks[i], err));
	return ASSAY_OK;
}

static enum assay_status
join_notes(struct work *w, const struct work_chunk *c, struct assay_error *err)
{
	for (size_t i = 0; i < c->note_count; i++) {
		const struct work_object *o = &w->objects[c->notes[i].object];
		const char *why = arena_str(w->context->arena, c->notes[i].text);
		if (why == NULL)
			return arena_full(err);
		if (o->is_tag)
			w->h->tags[o->place].why = why;
		else
			w->h->commits[o->place].why = why;
	}
	return ASSAY_OK;
}

enum assay_status
work_join(struct work *w, struct assay_error *err)
{
	TRY(join_keys(w, err));
	for (size_t i = 0; i < w->chunk_count; i++) {
		TRY(join_notes(w, &w->chunks[i], err));
		w->h->verified_now += w->chunks[i].verified;
	}
	return ASSAY_OK;
}
