/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <base/text.h>

#include "internal.h"


/* Commits and tags that one job hashes. */
#define COMMITS_A_JOB 256
/* Bytes of trees and blobs that one job hashes; larger ones are hashed where they are read. */
#define BATCH_SIZE ((size_t)1 << 17)
#define BATCH_OBJECTS 2048
#define PROGRESS_STEP 1024

/* A reading under way: the objects wanted, in the order in which reading is quickest. */
struct reading {
	struct store *s;
	const char *what;
	uint32_t *wanted;
	size_t count;
	struct commit_job *jobs;
	struct batch *batch;
};

static void
reading_done(struct reading *r)
{
	pool_drain(r->s->c->pool);
	free(r->wanted);
	free(r->jobs);
	free(r->batch);
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to read objects");
}

static bool
is_wanted(const struct store_object *o, bool commits)
{
	const bool commit = o->type == GIT_COMMIT || o->type == GIT_TAG;
	return o->known && o->state == OBJECT_LISTED && commit == commits;
}

static enum assay_status
choose(struct reading *r, bool commits, struct assay_error *err)
{
	const struct store *s = r->s;
	r->wanted = calloc((size_t)s->count + 1, sizeof(r->wanted[0]));
	if (r->wanted == NULL)
		return no_memory(err);
	for (uint32_t place = 0; place < s->count; place++)
		if (is_wanted(&s->objects[s->order[place]], commits))
			r->wanted[r->count++] = s->order[place];
	return ASSAY_OK;
}

static void
name_object(void *ctx, size_t i, struct buf *out)
{
	const struct reading *r = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&r->s->objects[r->wanted[i]].id, r->s->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static void
show_progress(const struct reading *r, size_t done)
{
	const struct probe_context *c = r->s->c;
	if (c->progress != NULL && (done % PROGRESS_STEP == 0 || done == r->count))
		c->progress(c->progress_ctx, r->what, done, r->count);
}

/* True when the answer is what was asked for; else the object is noted. */
static bool
is_answer(struct reading *r, uint32_t object, const struct object_read *got)
{
	const struct store_object *o = &r->s->objects[object];
	if (!got->present || got->type != o->type || oid_compare(&got->id, &o->id) != 0) {
		store_note_unreadable(r->s, object);
		return false;
	}
	if (got->over_cap) {
		store_note_over_cap(r->s, object);
		return false;
	}
	return true;
}

struct commit_job {
	struct reading *r;
	size_t from, to;
};

static void
check_commits(void *arg)
{
	const struct commit_job *job = arg;
	struct store *s = job->r->s;
	for (size_t i = job->from; i < job->to; i++) {
		const struct store_object *o = &s->objects[job->r->wanted[i]];
		if (o->state == OBJECT_READ)
			store_check(s, job->r->wanted[i], store_commit_bytes(s, &s->commits[o->commit]));
	}
}

/* Puts a commit where it stands in the sorted stream. */
static void
place_commit(struct store *s, struct store_object *o, struct assay_span bytes)
{
	const struct store_commit *c = &s->commits[o->commit];
	char hex[2 * OID_MAX + 1];
	char header[2 * OID_MAX + 32];
	oid_hex(&o->id, s->c->repository->algo, hex);
	text_put(header, sizeof(header), "%s %s %" PRIu32 "\n", hex, git_type_name(o->type), c->size);
	memcpy(s->stream + c->at, header, c->header);
	if (bytes.len > 0)
		memcpy(s->stream + c->at + c->header, bytes.data, bytes.len);
	s->stream[c->at + c->header + c->size] = '\n';
	o->state = OBJECT_READ;
}

static enum assay_status
got_commit(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	(void)err;
	struct reading *r = ctx;
	struct store *s = r->s;
	struct store_object *o = &s->objects[r->wanted[i]];
	if (is_answer(r, r->wanted[i], got)) {
		if (got->size == s->commits[o->commit].size)
			place_commit(s, o, got->bytes);
		else
			store_note_unreadable(s, r->wanted[i]); /* changed since it was listed */
	}
	if ((i + 1) % COMMITS_A_JOB == 0 || i + 1 == r->count) {
		struct commit_job *job = &r->jobs[i / COMMITS_A_JOB];
		*job = (struct commit_job) { r, i - i % COMMITS_A_JOB, i + 1 };
		pool_submit(s->c->pool, check_commits, job);
	}
	show_progress(r, i + 1);
	return ASSAY_OK;
}

static void
count_hashed(struct store *s)
{
	memset(s->hashed, 0, sizeof(s->hashed));
	for (uint32_t i = 0; i < s->count; i++)
		if (s->objects[i].state == OBJECT_OK)
			s->hashed[s->objects[i].type]++;
}

static enum assay_status
settle(struct store *s, struct assay_error *err)
{
	struct id_list *const lists[]
	    = { &s->altered, &s->collisions, &s->missing, &s->over_cap, &s->malformed };
	count_hashed(s);
	if (s->unhashed != ASSAY_OK)
		return assay_fail(err, s->unhashed, "an object could not be hashed: %s",
		    assay_status_name(s->unhashed));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (lists[i]->failed)
			return no_memory(err);
		id_list_settle(lists[i]);
	}
	return ASSAY_OK;
}

enum assay_status
store_read_commits(struct store *s, struct assay_error *err)
{
	if (s->commits_read)
		return ASSAY_OK;
	if (s->stream_len > STORE_COMMITS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "commits and tags have more than %" PRIu64 " bytes",
		    (uint64_t)STORE_COMMITS_MAX);
	s->stream = arena_alloc(s->c->arena, (size_t)s->stream_len + 1);
	if (s->stream == NULL)
		return arena_full(err);
	{
		CLEANUP(reading_done) struct reading r = { .s = s, .what = "reading commits" };
		TRY(choose(&r, true, err));
		r.jobs = calloc(r.count / COMMITS_A_JOB + 1, sizeof(r.jobs[0]));
		if (r.jobs == NULL)
			return no_memory(err);
		const struct object_wanted wanted = { .count = r.count, .cap = GIT_COMMIT_MAX,
			.name = name_object, .got = got_commit, .ctx = &r };
		TRY(object_reader_each(s->reader, &wanted, err));
	}
	s->commits_read = true;
	return settle(s, err);
}

/* Copies of small objects that one job hashes; the job frees it. */
struct batch {
	struct store *s;
	size_t count;
	size_t len;
	struct {
		uint32_t object;
		uint32_t at, size;
	} items[BATCH_OBJECTS];
	unsigned char bytes[BATCH_SIZE];
};

static void
check_batch(void *arg)
{
	struct batch *b = arg;
	for (size_t i = 0; i < b->count; i++)
		store_check(b->s, b->items[i].object,
		    (struct assay_span) { b->bytes + b->items[i].at, b->items[i].size });
	free(b);
}

static void
submit_batch(struct reading *r)
{
	if (r->batch == NULL)
		return;
	struct batch *b = steal(&r->batch);
	pool_submit(r->s->c->pool, check_batch, b);
}

static enum assay_status
add_to_batch(struct reading *r, uint32_t object, struct assay_span bytes, struct assay_error *err)
{
	if (r->batch != NULL
	    && (r->batch->count == BATCH_OBJECTS || bytes.len > BATCH_SIZE - r->batch->len))
		submit_batch(r);
	if (r->batch == NULL) {
		r->batch = malloc(sizeof(*r->batch));
		if (r->batch == NULL)
			return no_memory(err);
		r->batch->s = r->s;
		r->batch->count = r->batch->len = 0;
	}
	struct batch *b = r->batch;
	b->items[b->count].object = object;
	b->items[b->count].at = (uint32_t)b->len;
	b->items[b->count].size = (uint32_t)bytes.len;
	b->count++;
	if (bytes.len > 0)
		memcpy(b->bytes + b->len, bytes.data, bytes.len);
	b->len += bytes.len;
	return ASSAY_OK;
}

static enum assay_status
got_other(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct reading *r = ctx;
	const uint32_t object = r->wanted[i];
	if (is_answer(r, object, got)) {
		if (got->bytes.len > BATCH_SIZE / 2)
			store_check(r->s, object, got->bytes);
		else
			TRY(add_to_batch(r, object, got->bytes, err));
	}
	if (i + 1 == r->count)
		submit_batch(r);
	show_progress(r, i + 1);
	return ASSAY_OK;
}

enum assay_status
store_read_rest(struct store *s, struct assay_error *err)
{
	if (s->rest_read)
		return ASSAY_OK;
	{
		CLEANUP(reading_done) struct reading r = { .s = s, .what = "reading trees and files" };
		TRY(choose(&r, false, err));
		const struct object_wanted wanted = { .count = r.count, .cap = STORE_BLOB_MAX,
			.name = name_object, .got = got_other, .ctx = &r };
		TRY(object_reader_each(s->reader, &wanted, err));
	}
	s->rest_read = true;
	return settle(s, err);
}
