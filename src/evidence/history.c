/* SPDX-License-Identifier: Apache-2.0 */
#include "history_work.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/unconst.h>

uint32_t
history_find_commit(const struct history *h, const struct oid *id)
{
	return oid_index_find(&h->by_commit, id);
}

uint32_t
history_find_tag(const struct history *h, const struct oid *id)
{
	return oid_index_find(&h->by_tag, id);
}

const char *
sig_format_name(enum sig_format f)
{
	static const char *const names[] = { "none", "SSH", "OpenPGP", "X.509", "unknown" };
	return f >= 0 && f < sizeof names / sizeof names[0] ? names[f] : "unknown";
}

const char *
sig_code_name(enum sig_code c)
{
	static const char *const names[] = { "none", "bad-malformed", "bad-two-signatures",
		"bad-wrong-header", "bad-namespace", "bad-mismatch", "bad-weak-key",
		"bad-authority-signature", "format-not-verified", "key-type-not-verified",
		"bad-trailing-bytes" };
	return c >= 0 && c < sizeof names / sizeof names[0] ? names[c] : "bad-malformed";
}

/* ---- one object, on any thread ---- */

/* Bytes that aren't a commit or tag: what they say can't be judged, so they are signed by nobody. */
static void
note_malformed(struct work_chunk *c, size_t object, const struct assay_error *why)
{
	if (c->note_count == WORK_NOTES_MAX)
		return;
	struct work_note *note = &c->notes[c->note_count++];
	note->object = object;
	(void)snprintf(note->text, sizeof note->text, "%.*s", WORK_NOTE_SIZE - 1, why->what);
}

static const struct history_signature malformed_signature = { SIG_NONE, SIG_BAD, SIG_CODE_MALFORMED,
	HISTORY_NONE, { 0 } };

/* What it leads to is read all the same: else a broken line would take all that lies behind it out of scope. */
static void
read_malformed_commit(struct work *w, struct sign_scratch *s, size_t object, struct assay_error *err)
{
	struct work_object *o = &w->objects[object];
	struct history_commit *c = &w->h->commits[o->place];
	struct git_commit links;
	git_commit_links(o->bytes, w->h->algo, &links);
	c->parent_count = (uint32_t)links.parent_count;
	o->parents = links.parents;
	c->malformed = true;
	c->why = "malformed";
	c->signature = malformed_signature;
	note_malformed(s->chunk, object, err);
	assay_error_clear(err);
}

static enum assay_status
read_commit(struct work *w, struct sign_scratch *s, size_t object, struct assay_error *err)
{
	struct work_object *o = &w->objects[object];
	struct history_commit *c = &w->h->commits[o->place];
	struct git_commit parsed;
	enum assay_status status = git_commit_parse(o->bytes, w->h->algo, &parsed, err);
	if (status == ASSAY_E_FORMAT || status == ASSAY_E_LIMIT) {
		read_malformed_commit(w, s, object, err);
		return ASSAY_OK;
	}
	TRY(status);
	c->tree = parsed.tree;
	c->author_time = parsed.author.time;
	c->time = parsed.committer.time;
	c->email = parsed.committer.email;
	c->author_email = parsed.author.email;
	c->message = parsed.message;
	c->parent_count = (uint32_t)parsed.parent_count;
	o->parents = parsed.parents;
	return sign_verify(s, &c->id, &parsed.signature, true, &c->signature);
}

static void
find_target(const struct history *h, const struct git_tag *parsed, struct history_tag *t)
{
	t->target = parsed->target;
	t->target_type = parsed->target_type;
	if (t->target_type == GIT_COMMIT)
		t->target_index = history_find_commit(h, &t->target);
	else if (t->target_type == GIT_TAG)
		t->target_index = history_find_tag(h, &t->target);
}

static enum assay_status
read_tag(struct work *w, struct sign_scratch *s, size_t object, struct assay_error *err)
{
	const struct work_object *o = &w->objects[object];
	struct history_tag *t = &w->h->tags[o->place];
	struct git_tag parsed;
	enum assay_status status = git_tag_parse(o->bytes, w->h->algo, &parsed, err);
	t->target_index = HISTORY_NONE;
	if (status == ASSAY_E_FORMAT || status == ASSAY_E_LIMIT) {
		t->malformed = true;
		t->why = "malformed";
		t->signature = malformed_signature;
		note_malformed(s->chunk, object, err);
		assay_error_clear(err);
		t->target_type = GIT_BLOB;
		if (git_tag_link(o->bytes, w->h->algo, &parsed))
			find_target(w->h, &parsed, t);
		return ASSAY_OK;
	}
	TRY(status);
	find_target(w->h, &parsed, t);
	t->name = parsed.name;
	t->has_tagger = parsed.tagger.email.data != NULL;
	t->time = t->has_tagger ? parsed.tagger.time : 0;
	t->email = parsed.tagger.email;
	return sign_verify(s, &t->id, &parsed.signature, false, &t->signature);
}

static enum assay_status
check_id(const struct work *w, const struct work_object *o, struct assay_error *err)
{
	const struct oid *said = o->is_tag ? &w->h->tags[o->place].id : &w->h->commits[o->place].id;
	struct oid is = { 0 };
	char hex[2 * OID_MAX + 1];
	TRY(git_hash(w->h->algo, o->is_tag ? GIT_TAG : GIT_COMMIT, o->bytes, &is, err));
	if (CATCH(object_rehash, oid_compare(said, &is) != 0)) {
		oid_hex(said, w->h->algo, hex);
		(void)assay_fail(err, ASSAY_E_VERIFY, "the bytes given for object %s are not that object",
		    hex);
		return assay_error_todo(err, ASSAY_E_VERIFY,
		    "ask whoever made it for the object as it was");
	}
	return ASSAY_OK;
}

static void
run_chunk(void *ctx, size_t i)
{
	struct work *w = ctx;
	struct work_chunk *c = &w->chunks[i];
	CLEANUP(sign_scratch_done) struct sign_scratch s = SIGN_SCRATCH_INIT(w->context->memo, c);
	enum assay_status status = ASSAY_OK;
	for (size_t k = 0; k < c->count && status == ASSAY_OK; k++) {
		size_t object = c->first + k;
		status = w->hashed ? ASSAY_OK : check_id(w, &w->objects[object], &c->err);
		if (status == ASSAY_OK)
			status = w->objects[object].is_tag ? read_tag(w, &s, object, &c->err)
							   : read_commit(w, &s, object, &c->err);
	}
	c->err.status = status;
	if (status == ASSAY_E_MEMORY)
		(void)assay_fail(&c->err, status, "no memory to read the history");
	else if (status != ASSAY_OK && c->err.what[0] == '\0')
		(void)assay_fail(&c->err, status, "a signature could not be verified: %s",
		    assay_status_name(status));
}

/* ---- parents, once every place is known ---- */

static void
link_chunk(void *ctx, size_t i)
{
	struct work *w = ctx;
	const struct work_chunk *c = &w->chunks[i];
	for (size_t k = c->first; k < c->first + c->count; k++) {
		const struct work_object *o = &w->objects[k];
		if (o->is_tag)
			continue;
		struct history_commit *commit = &w->h->commits[o->place];
		struct git_commit lines = { .parents = o->parents, .parent_count = commit->parent_count };
		uint32_t *parents = unconst(commit->parents);
		size_t cursor = 0;
		struct oid id;
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			bool more = git_commit_next_parent(&lines, w->h->algo, &cursor, &id);
			parents[p] = more ? history_find_commit(w->h, &id) : HISTORY_NONE;
		}
	}
}

static enum assay_status
link_parents(struct work *w, struct assay_error *err)
{
	struct history *h = w->h;
	size_t total = 0;
	for (uint32_t i = 0; i < h->commit_count; i++)
		total += h->commits[i].parent_count;
	uint32_t *room = arena_array(w->context->arena, total, sizeof *room);
	if (total > 0 && room == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < h->commit_count; i++) {
		h->commits[i].parents = room;
		if (h->commits[i].parent_count > 0)
			room += h->commits[i].parent_count;
	}
	pool_each(w->context->pool, w->chunk_count, link_chunk, w);
	return ASSAY_OK;
}

/* ---- what to remember ---- */

static void
remember(const struct oid *id, const struct history_signature *s, struct memo_entry *e)
{
	*e = (struct memo_entry){ .id = *id, .result = (unsigned char)s->result,
		.code = (unsigned char)s->code, .counter = s->sk.counter };
	e->flags = (unsigned char)((s->sk.present ? MEMO_SK_PRESENT : 0) |
	    (s->sk.user_presence ? MEMO_SK_USER_PRESENCE : 0) |
	    (s->sk.user_verified ? MEMO_SK_USER_VERIFIED : 0));
}

static void
free_entries(struct memo_entry **entries)
{
	free(*entries);
}

static enum assay_status
fill_memo(const struct work *w, struct assay_error *err)
{
	const struct history *h = w->h;
	CLEANUP(free_entries) struct memo_entry *entries = NULL;
	size_t count = 0;
	if (w->context->memo == NULL || (w->hashed && h->verified_now == 0))
		return ASSAY_OK;
	entries = calloc(w->object_count, sizeof *entries);
	if (entries == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the memo of verifications");
	for (size_t i = 0; i < w->object_count; i++) {
		uint32_t place = w->objects[i].place;
		bool tag = w->objects[i].is_tag;
		const struct history_signature *s = tag ? &h->tags[place].signature
							: &h->commits[place].signature;
		if (sign_is_arithmetic(s))
			remember(tag ? &h->tags[place].id : &h->commits[place].id, s, &entries[count++]);
	}
	return memo_set(w->context->memo, entries, count, w->digest, err);
}

/* The digest is the evidence's own: sealed by whoever fetched the bytes, or kept with them under the cache's MAC. */
static void
ask_memo(struct work *w, const struct evidence *raw)
{
	for (size_t i = 0; i < raw->member_count; i++) {
		if (strcmp(raw->members[i].name, "git/objects") == 0)
			w->digest = raw->members[i].sha256;
	}
	w->hashed = w->context->memo != NULL && memo_hashed(w->context->memo, w->digest);
}

static enum assay_status
read_objects(struct work *w, struct assay_span stream, struct assay_error *err)
{
	TRY(work_cut(w, stream, err));
	pool_each(w->context->pool, w->chunk_count, run_chunk, w);
	for (size_t i = 0; i < w->chunk_count; i++) {
		if (w->chunks[i].err.status != ASSAY_OK) {
			*err = w->chunks[i].err;
			return err->status;
		}
	}
	TRY(work_join(w, err));
	TRY(link_parents(w, err));
	return fill_memo(w, err);
}

/* Who hands over evidence says that it is complete; what it names as absent says otherwise. */
static enum assay_status
check_completeness(const struct evidence *raw, const struct history *h, struct assay_error *err)
{
	bool lacks = h->absent_count > 0 || h->shallow_count > 0;
	if (!CATCH(history_complete, raw->completeness == EVIDENCE_COMPLETE && lacks))
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_FORMAT,
	    "evidence '" HISTORY_KIND "' is called complete, but names %u absent objects and %u shallow commits",
	    (unsigned)h->absent_count, (unsigned)h->shallow_count);
}

enum assay_status
history_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err)
{
	struct history *h = arena_alloc(c->arena, sizeof *h);
	CLEANUP(work_done) struct work w = { .context = c, .h = h };
	struct assay_span stream = evidence_member(raw, "git/objects");
	struct assay_error local;
	assay_error_clear(&local);
	if (err == NULL)
		err = &local;
	if (h == NULL)
		return arena_full(err);
	if (stream.data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" HISTORY_KIND "' lacks git/objects");
	ask_memo(&w, raw);
	TRY(history_read_head(raw, c, h, err));
	TRY(read_objects(&w, stream, err));
	TRY(history_read_refs(raw, c, h, err));
	TRY(history_read_ids(raw, "git/shallow", c, h->algo, &h->shallow, &h->shallow_count, err));
	TRY(history_read_ids(raw, "git/absent", c, h->algo, &h->absent, &h->absent_count, err));
	TRY(check_completeness(raw, h, err));
	*ret_facts = h;
	return ASSAY_OK;
}
