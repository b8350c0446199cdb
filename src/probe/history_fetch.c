/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-history: commits and annotated tags that branches, tags and HEAD lead to, with the refs.
 */
#include "links.h"
#include "rows.h"
#include "store.h"

#include <base/catch.h>
#include <evidence/history.h>

#define ABSENT_TEXT_MAX ((size_t)256 << 20)
#define REFS_TEXT_MAX ((size_t)1 << 30)

struct walk {
	const struct probe_context *c;
	struct store *s;
	unsigned char *reached; /* one a commit of the store */
	uint32_t *stack;
	uint32_t depth;
	uint32_t reached_count;
	struct id_list absent;
	struct buf why;
};

static void
walk_done(struct walk *w)
{
	free(w->reached);
	free(w->stack);
	id_list_done(&w->absent);
	buf_done(&w->why);
}

/* Goes to an object that something leads to. expected false: it lies beyond a shallow boundary. */
static void
reach_object(struct walk *w, uint32_t object, const struct oid *id, bool expected)
{
	struct store *s = w->s;
	const struct store_object *o = object == STORE_NONE ? NULL : &s->objects[object];
	if (o != NULL && o->known && (o->type == GIT_TREE || o->type == GIT_BLOB))
		return;
	if (CATCH(history_absent, o == NULL || o->commit == STORE_NONE || o->state != OBJECT_OK)) {
		const struct id_pair item = { .id = *id };
		if (expected || o != NULL)
			id_list_add(&w->absent, &item);
		return;
	}
	if (w->reached[o->commit] != 0)
		return;
	w->reached[o->commit] = 1;
	w->reached_count++;
	w->stack[w->depth++] = o->commit;
}

static void
reach(struct walk *w, const struct oid *id, bool expected)
{
	reach_object(w, store_find(w->s, id), id, expected);
}

static void
follow_links(struct walk *w, const struct store_commit *commit)
{
	const struct store *s = w->s;
	if (commit->has_parents) {
		for (unsigned i = 0; i < commit->parent_count && i < STORE_PARENTS_MAX; i++)
			reach_object(w, commit->parents[i], &s->objects[commit->parents[i]].id, true);
		return;
	}
	const struct store_object *o = &s->objects[commit->object];
	const struct assay_span bytes = store_commit_bytes(s, commit);
	const bool boundary = store_is_shallow(s, &o->id);
	struct link link;
	size_t cursor = 0;
	while (links_next(o->type, bytes, s->c->repository->algo, &cursor, &link, NULL) == ASSAY_OK)
		if (link.parent || (o->type == GIT_TAG && link.type != GIT_TREE && link.type != GIT_BLOB))
			reach(w, &link.id, !boundary);
}

static bool
in_scope(const char *name)
{
	return strncmp(name, "refs/heads/", strlen("refs/heads/")) == 0
	    || strncmp(name, "refs/tags/", strlen("refs/tags/")) == 0;
}

static enum assay_status
walk(struct walk *w, struct assay_error *err)
{
	const struct repository *r = w->c->repository;
	w->reached = calloc((size_t)w->s->commit_count + 1, 1);
	w->stack = calloc((size_t)w->s->commit_count + 1, sizeof(w->stack[0]));
	if (w->reached == NULL || w->stack == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to walk the history");
	if (r->has_head)
		reach(w, &r->head, true);
	for (size_t i = 0; i < r->ref_count; i++)
		if (in_scope(r->refs[i].name))
			reach(w, &r->refs[i].id, true);
	while (w->depth > 0)
		follow_links(w, &w->s->commits[w->stack[--w->depth]]);
	if (w->absent.failed)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to walk the history");
	id_list_settle(&w->absent);
	return ASSAY_OK;
}

/* The stream itself when all of it was reached, else a copy of what was. */
static enum assay_status
take_objects(const struct walk *w, struct assay_span *ret_bytes, struct assay_error *err)
{
	const struct store *s = w->s;
	if (w->reached_count == s->commit_count) {
		*ret_bytes = (struct assay_span) { s->stream, (size_t)s->stream_len };
		return ASSAY_OK;
	}
	size_t len = 0;
	for (uint32_t i = 0; i < s->commit_count; i++)
		if (w->reached[i] != 0)
			len += s->commits[i].header + (size_t)s->commits[i].size + 1;
	unsigned char *copy = arena_alloc(w->c->arena, len + 1);
	if (copy == NULL)
		return arena_full(err);
	size_t at = 0;
	for (uint32_t i = 0; i < s->commit_count; i++) {
		const struct store_commit *c = &s->commits[i];
		if (w->reached[i] == 0)
			continue;
		memcpy(copy + at, s->stream + c->at, c->header + (size_t)c->size + 1);
		at += c->header + (size_t)c->size + 1;
	}
	*ret_bytes = (struct assay_span) { copy, len };
	return ASSAY_OK;
}

static enum assay_status
keep(const struct walk *w, const struct buf *text, const char *what, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	TRY(buf_status(text, what, err));
	const char *copy = arena_copy(w->c->arena, buf_span(text));
	if (copy == NULL)
		return arena_full(err);
	*ret_bytes = (struct assay_span) { (const unsigned char *)copy, text->len };
	return ASSAY_OK;
}

static void
add_id(struct buf *out, const struct walk *w, const struct oid *id, const char *after)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, w->c->repository->algo, hex);
	buf_add_str(out, hex);
	buf_add_str(out, after);
}

static enum assay_status
take_head(const struct walk *w, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(REFS_TEXT_MAX);
	probe_head_text(w->c->repository, &text);
	return keep(w, &text, "HEAD", ret_bytes, err);
}

static enum assay_status
take_refs(const struct walk *w, struct assay_span *ret_bytes, struct assay_error *err)
{
	const struct repository *r = w->c->repository;
	CLEANUP(buf_done) struct buf text = BUF_INIT(REFS_TEXT_MAX);
	for (size_t i = 0; i < r->ref_count; i++) {
		if (!in_scope(r->refs[i].name))
			continue;
		add_id(&text, w, &r->refs[i].id, " ");
		buf_add_str(&text, r->refs[i].name);
		buf_add_byte(&text, '\n');
	}
	return keep(w, &text, "the refs", ret_bytes, err);
}

static enum assay_status
take_ids(const struct walk *w, struct assay_span *ret_shallow, struct assay_span *ret_absent,
    struct assay_error *err)
{
	const struct repository *r = w->c->repository;
	CLEANUP(buf_done) struct buf shallow = BUF_INIT(ABSENT_TEXT_MAX);
	CLEANUP(buf_done) struct buf absent = BUF_INIT(ABSENT_TEXT_MAX);
	for (size_t i = 0; i < r->shallow_count; i++)
		if (i == 0 || oid_compare(&r->shallow[i - 1], &r->shallow[i]) != 0)
			add_id(&shallow, w, &r->shallow[i], "\n");
	for (size_t i = 0; i < w->absent.count; i++)
		add_id(&absent, w, &w->absent.items[i].id, "\n");
	TRY(keep(w, &shallow, "the shallow boundary", ret_shallow, err));
	return keep(w, &absent, "the list of absent objects", ret_absent, err);
}

static void
add_reasons(struct walk *w)
{
	const struct repository *r = w->c->repository;
	const struct store *s = w->s;
	if (CATCH(history_shallow, r->shallow_count > 0))
		probe_reason(&w->why, "the clone is shallow: its history ends at %zu commits",
		    r->shallow_count);
	if (CATCH(history_partial, probe_is_partial_clone(r)))
		probe_reason(&w->why, "the clone is partial: objects may be absent");
	if (CATCH(history_absent_reason, w->absent.count > 0))
		probe_reason(&w->why, "%zu commits or tags that the history leads to are absent or altered",
		    w->absent.count);
	if (w->absent.overflow)
		probe_reason(&w->why, "more objects are absent than are listed");
	if (CATCH(history_refs, r->problem_total > 0))
		probe_reason(&w->why, "%zu refs could not be read, the first is '%s': %s", r->problem_total,
		    r->problem_count > 0 ? r->problems[0].what : "?",
		    r->problem_count > 0 ? r->problems[0].why : "unknown");
	if (CATCH(history_complaints, object_reader_complaints(s->reader)[0] != '\0'))
		probe_reason(&w->why, "git reported errors while it listed the objects");
}

static enum assay_status
take_members(struct walk *w, struct evidence *e, struct assay_error *err)
{
	static const char *const names[] = { "git/absent", "git/format", "git/head", "git/objects",
		"git/refs", "git/shallow" };
	const struct repository *r = w->c->repository;
	const size_t count = sizeof(names) / sizeof(names[0]);
	struct evidence_member *m = arena_array(w->c->arena, count, sizeof(m[0]));
	if (m == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		m[i].name = names[i];
	m[1].bytes = assay_span_str(r->algo == OID_SHA1 ? "sha1\n" : "sha256\n");
	TRY(take_head(w, &m[2].bytes, err));
	TRY(take_objects(w, &m[3].bytes, err));
	TRY(take_refs(w, &m[4].bytes, err));
	TRY(take_ids(w, &m[5].bytes, &m[0].bytes, err));
	e->members = m;
	e->member_count = count;
	return ASSAY_OK;
}

enum assay_status
history_fetch(const struct probe_context *c, struct evidence *ret_evidence,
    struct assay_error *err)
{
	CLEANUP(walk_done) struct walk w = { .c = c, .why = BUF_INIT(16384) };
	TRY(store_get(c, &w.s, err));
	TRY(store_read_commits(w.s, err));
	TRY(walk(&w, err));
	if (w.reached_count > HISTORY_OBJECTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the history has more than %d commits and tags",
		    HISTORY_OBJECTS_MAX);
	add_reasons(&w);
	TRY(take_members(&w, ret_evidence, err));
	return probe_completeness(c, &w.why, ret_evidence, err);
}
