/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-clone: every object read and hashed again, and whatever else in a clone could colour what is read from it.
 */
#include "clone.h"

#include <base/catch.h>
#include <base/text.h>
#include <evidence/clone.h>

#define CLONE_VERSION 1

static const char *const lists[] = { "altered", "alternates", "collisions", "config", "copies",
	"grafts", "hooks", "indexes", "missing", "over-cap", "promisors", "replace", "shallow", "state-tracked", "unread" };

json_t *
clone_text(const char *text)
{
	return text == NULL ? NULL : canon_text(assay_span_str(text));
}

json_t *
clone_id(const struct clone_record *rec, const struct oid *id)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, rec->c->repository->algo, hex);
	return json_string(hex);
}

void
clone_count_more(struct clone_record *rec, const char *list, uint64_t count)
{
	if (count == 0)
		return;
	const json_int_t before = json_integer_value(json_object_get(rec->more, list));
	if (json_object_set_new(rec->more, list, json_integer(before + (json_int_t)count)) != 0)
		rec->failed = true;
}

void
clone_add(struct clone_record *rec, const char *list, json_t *item)
{
	json_t *array = json_object_get(rec->root, list);
	if (item == NULL || array == NULL) {
		rec->failed = true;
		json_decref(item);
		return;
	}
	if (json_array_size(array) >= CLONE_LIST_MAX) {
		json_decref(item);
		clone_count_more(rec, list, 1);
	} else if (json_array_append_new(array, item) != 0)
		rec->failed = true;
}

void
clone_unread(struct clone_record *rec, const char *what, const char *why)
{
	CLEANUP(buf_done) struct buf shown = BUF_INIT((size_t)4 * PATH_TEXT_MAX);
	text_escape(&shown, assay_span_str(what), false);
	clone_add(rec, "unread",
	    json_pack("{s:o, s:o}", "what", clone_text(buf_str(&shown)), "why", clone_text(why)));
}

static void
record_done(struct clone_record *rec)
{
	json_decref(rec->root);
	json_decref(rec->more);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record of the clone");
}

static enum assay_status
begin(struct clone_record *rec, struct assay_error *err)
{
	const struct repository *r = rec->c->repository;
	rec->more = json_object();
	rec->root = json_pack("{s:i, s:s, s:b}", "assay-clone", CLONE_VERSION, "algo",
	    r->algo == OID_SHA1 ? "sha1" : "sha256", "bare", (int)r->bare);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (json_object_set_new(rec->root, lists[i], json_array()) != 0)
			return no_memory(err);
	return rec->more == NULL ? no_memory(err) : ASSAY_OK;
}

static size_t
length(const struct clone_record *rec, const char *list)
{
	return json_array_size(json_object_get(rec->root, list));
}

static void
add_reasons(const struct clone_record *rec, struct buf *why)
{
	if (CATCH(clone_unread_reason, length(rec, "unread") > 0))
		probe_reason(why, "%zu things could not be read", length(rec, "unread"));
	if (CATCH(clone_over_cap_reason, length(rec, "over-cap") > 0))
		probe_reason(why, "%zu objects are larger than is read (blobs 1 GiB, commits and tags 4 MiB)",
		    length(rec, "over-cap"));
	if (CATCH(clone_shallow_reason, length(rec, "shallow") > 0))
		probe_reason(why, "the clone is shallow");
	if (CATCH(clone_partial_reason, probe_is_partial_clone(rec->c->repository)))
		probe_reason(why, "the clone is partial");
}

static enum assay_status
finish(struct clone_record *rec, struct evidence *e, struct assay_error *err)
{
	if (json_object_size(rec->more) > 0 && json_object_set(rec->root, "more", rec->more) != 0)
		rec->failed = true;
	if (rec->failed)
		return no_memory(err);
	CLEANUP(buf_done) struct buf text = BUF_INIT(CANON_SIZE_MAX);
	TRY(canon_write(rec->root, &text, err));
	TRY(buf_status(&text, "the record of the clone", err));
	struct evidence_member *m = arena_array(rec->c->arena, 1, sizeof(*m));
	const char *copy = arena_copy(rec->c->arena, buf_span(&text));
	if (m == NULL || copy == NULL)
		return arena_full(err);
	*m = (struct evidence_member) { .name = "git/clone.json",
		.bytes = { (const unsigned char *)copy, text.len } };
	e->members = m;
	e->member_count = 1;
	return ASSAY_OK;
}

enum assay_status
clone_fetch(const struct probe_context *c, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(record_done) struct clone_record rec = { .c = c };
	CLEANUP(buf_done) struct buf why = BUF_INIT(16384);
	TRY(store_get(c, &rec.s, err));
	TRY(begin(&rec, err));
	TRY(clone_objects(&rec, err));
	TRY(clone_copies(&rec, err));
	clone_config(&rec);
	TRY(clone_local(&rec, err));
	TRY(clone_state(&rec, err));
	TRY(finish(&rec, ret_evidence, err));
	add_reasons(&rec, &why);
	return probe_completeness(c, &why, ret_evidence, err);
}
