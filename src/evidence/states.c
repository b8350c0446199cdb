/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <codec/batch.h>
#include <evidence/states.h>

#define PATH_MAX_LEN 4096

static bool
is_named(const struct git_tree_entry *e, const char *name)
{
	return assay_span_equal(e->name, assay_span_str(name));
}

enum states_place
states_place_of(enum states_place parent, const struct git_tree_entry *e)
{
	static const char *const apart[] = { "deviations", "closures", "reviews", "ceremonies" };
	const bool folder = e->mode == 0040000;
	if (parent == STATES_AT_ROOT)
		return folder && is_named(e, "assay") ? STATES_AT_ASSAY : STATES_UNWANTED;
	if (!folder)
		return e->mode == 0100644 || e->mode == 0100755 ? STATES_FILE : STATES_UNWANTED;
	if (parent == STATES_AT_TRUST)
		return STATES_UNWANTED;
	if (parent != STATES_AT_ASSAY)
		return STATES_BELOW;
	for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
		if (is_named(e, apart[i]))
			return STATES_UNWANTED;
	}
	return is_named(e, "trust") ? STATES_AT_TRUST : STATES_BELOW;
}

/* ---- parsing ---- */

static enum assay_status
read_absent(const struct evidence *raw, struct arena *arena, struct states *s, struct assay_error *err)
{
	struct assay_span text;
	TRY(member_text(raw, "authority/absent", &text, err));
	const size_t line = 2 * oid_size(s->objects.algo) + 1;
	s->absent = arena_array(arena, text.len / line + 1, sizeof s->absent[0]);
	if (s->absent == NULL)
		return arena_full(err);
	for (size_t at = 0; at < text.len; at += line) {
		struct oid *id = &s->absent[s->absent_count];
		if (text.len - at < line || text.data[at + line - 1] != '\n' ||
		    oid_parse((struct assay_span){ text.data + at, line - 1 }, s->objects.algo, id) != ASSAY_OK ||
		    (s->absent_count > 0 && oid_compare(id - 1, id) >= 0))
			return assay_fail(err, ASSAY_E_FORMAT, "authority/absent isn't lines of an id, sorted");
		s->absent_count++;
	}
	return ASSAY_OK;
}

static enum assay_status
count_objects(struct assay_span stream, enum oid_algo algo, size_t *ret_count, struct assay_error *err)
{
	struct batch_object o;
	size_t cursor = 0, count = 0;
	enum assay_status status;
	if (stream.len > STATES_STREAM_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "authority/objects has more than %zu bytes", STATES_STREAM_MAX);
	while ((status = batch_next(stream, algo, &cursor, &o, err)) == ASSAY_OK)
		count++;
	*ret_count = count;
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

static enum assay_status
check_object(const struct states *s, const struct batch_object *o, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	struct oid id;
	TRY(git_hash(s->objects.algo, o->type, o->bytes, &id, err));
	if (CATCH(states_object_altered, oid_compare(&id, &o->id) != 0)) {
		oid_hex(&o->id, s->objects.algo, hex);
		return assay_fail(err, ASSAY_E_VERIFY, "object %s in authority/objects has other bytes than its id says", hex);
	}
	return ASSAY_OK;
}

static enum assay_status
read_objects(const struct evidence *raw, struct arena *arena, struct states *s, struct assay_error *err)
{
	struct assay_span stream;
	size_t cursor = 0, count = 0;
	TRY(member_text(raw, "authority/objects", &stream, err));
	TRY(count_objects(stream, s->objects.algo, &count, err));
	struct tree_object *items = arena_array(arena, count + 1, sizeof items[0]);
	if (items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++) {
		struct batch_object o;
		TRY(batch_next(stream, s->objects.algo, &cursor, &o, err));
		if (i > 0 && oid_compare(&items[i - 1].id, &o.id) >= 0)
			return assay_fail(err, ASSAY_E_FORMAT, "authority/objects isn't sorted by id, or an object stands twice");
		TRY(check_object(s, &o, err));
		items[i] = (struct tree_object){ o.id, o.type, o.bytes };
	}
	s->objects.items = items;
	s->objects.count = count;
	return ASSAY_OK;
}

enum assay_status
states_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err)
{
	struct assay_span format;
	struct states *s = arena_alloc(c->arena, sizeof *s);
	if (s == NULL)
		return arena_full(err);
	TRY(member_text(raw, "authority/format", &format, err));
	const bool sha256 = assay_span_equal(format, assay_span_str("sha256\n"));
	if (!sha256 && !assay_span_equal(format, assay_span_str("sha1\n")))
		return assay_fail(err, ASSAY_E_FORMAT, "authority/format is neither sha1 nor sha256");
	s->objects.algo = sha256 ? OID_SHA256 : OID_SHA1;
	TRY(read_absent(raw, c->arena, s, err));
	TRY(read_objects(raw, c->arena, s, err));
	TRY(states_roots_read(raw, c->arena, s, err));
	if (err != NULL)
		assay_error_clear(err);
	*ret_facts = s;
	return ASSAY_OK;
}

/* ---- looking ---- */

struct listing {
	const struct states *s;
	struct arena *arena;
	struct source_file *files; /* own memory, grows */
	size_t count, room;
	bool gone;
	struct assay_error *err;
};

static void
listing_done(struct listing *l)
{
	free(l->files);
}

static enum assay_status
add_file(struct listing *l, const char *path, const struct git_tree_entry *e, bool wanted)
{
	if (l->count == STATES_FILES_MAX)
		return assay_fail(l->err, ASSAY_E_LIMIT, "'assay/' holds more than %u files", STATES_FILES_MAX);
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? 64 : 2 * l->room;
		struct source_file *more = reallocarray(l->files, room, sizeof *more);
		if (more == NULL)
			return arena_full(l->err);
		l->files = more;
		l->room = room;
	}
	struct source_file *f = &l->files[l->count++];
	const struct tree_object *o = wanted ? tree_object_find(&l->s->objects, &e->id) : NULL;
	*f = (struct source_file){ .path = path, .mode = e->mode, .id = e->id };
	if (o != NULL && o->type == GIT_BLOB) {
		f->has_bytes = true;
		f->bytes = o->bytes;
	} else if (wanted) {
		f->why = "its object is absent, altered or too large";
		l->gone = true;
	}
	return ASSAY_OK;
}

static enum assay_status
list_folder(struct listing *l, const struct oid *id, enum states_place place, const char *before, unsigned depth)
{
	const struct tree_object *tree = tree_object_find(&l->s->objects, id);
	struct git_tree_entry e;
	size_t cursor = 0;
	enum assay_status status;
	if (depth > STATES_DEPTH_MAX)
		return assay_fail(l->err, ASSAY_E_LIMIT, "'assay/' is deeper than %u folders", STATES_DEPTH_MAX);
	if (tree == NULL || tree->type != GIT_TREE) {
		l->gone = true;
		return ASSAY_OK;
	}
	while ((status = git_tree_next(tree->bytes, l->s->objects.algo, &cursor, &e, l->err)) == ASSAY_OK) {
		const enum states_place at = states_place_of(place, &e);
		const bool folder = e.mode == 0040000;
		if (folder && at == STATES_UNWANTED)
			continue;
		if (e.name.len > PATH_MAX_LEN || strlen(before) > PATH_MAX_LEN)
			return assay_fail(l->err, ASSAY_E_LIMIT, "'assay/' holds a path of more than %d bytes", PATH_MAX_LEN);
		const char *path = arena_printf(l->arena, "%s%.*s%s", before, (int)e.name.len, (const char *)e.name.data,
		    folder ? "/" : "");
		if (path == NULL)
			return arena_full(l->err);
		TRY(folder ? list_folder(l, &e.id, at, path, depth + 1) : add_file(l, path, &e, at == STATES_FILE));
	}
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

enum assay_status
states_files(const struct states *s, const struct oid *folder, struct arena *arena, struct sources *ret_files,
    bool *ret_gone, struct assay_error *err)
{
	CLEANUP(listing_done) struct listing l = { .s = s, .arena = arena, .err = err };
	TRY(list_folder(&l, folder, STATES_AT_ASSAY, "assay/", 0));
	struct source_file *files = arena_array(arena, l.count + 1, sizeof *files);
	if (files == NULL)
		return arena_full(err);
	if (l.count > 0)
		memcpy(files, l.files, l.count * sizeof *files);
	if (err != NULL)
		assay_error_clear(err);
	*ret_files = (struct sources){ .algo = s->objects.algo, .files = files, .count = l.count };
	*ret_gone = l.gone;
	return ASSAY_OK;
}
