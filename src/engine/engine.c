/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/pool.h>
#include <ledger/cache.h>

#define KEY_MAX (8u << 20)
#define CACHE_NAME "engine-run"

struct batch {
	struct run_context context;
	struct run *runs;
	size_t count;
	const struct sca_unit **units; /* of all runs, one after the other */
};

static void
batch_done(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->runs[i].frame);
	free(b->runs);
	free(b->units);
}

/* ---- keys ---- */

static void
add_text(struct buf *to, const char *text)
{
	buf_add(to, text, strlen(text) + 1);
}

/* All that the result depends on: engine, options, compile options, and per unit its name and what it reads. */
static enum assay_status
seal_run(const struct batch *b, struct run *r, const unsigned char headers[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf key = BUF_INIT(KEY_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	add_text(&key, "assay-engine-run 2");
	add_text(&key, engine_cage_name(engine_server_cage(b->context.server)));
	add_text(&key, b->context.engine->digest);
	add_text(&key, r->pass->name);
	for (size_t i = 0; i < r->pass->count; i++)
		add_text(&key, r->pass->args[i]);
	add_text(&key, "");
	for (size_t i = 0; i < r->unit_count; i++) {
		const struct sca_unit *u = r->units[i];
		TRY(r->demo ? ASSAY_OK : depends_digest(b->context.server, u, digest, err));
		add_text(&key, u->path);
		buf_add(&key, digest, r->demo ? 0 : sizeof digest);
		for (size_t j = 0; j < u->arg_count; j++)
			add_text(&key, u->args[j]);
		add_text(&key, "");
		const struct sca_snippet *s = r->demo ? sca_snippet_find(b->context.server->snippets, u->path) : NULL;
		if (s != NULL)
			buf_add(&key, s->sha256, sizeof s->sha256);
	}
	buf_add(&key, headers, ASSAY_SHA256_SIZE);
	TRY(buf_status(&key, "what an engine's result depends on", err));
	return assay_sha256(buf_span(&key), r->key);
}

/* ---- the cache ---- */

/* A frame that is there is one that verified; it is read like any other. */
static void
recall(struct run *r, struct cache *cache, struct arena *arena)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	CLEANUP(buf_done) struct buf whole = BUF_INIT((size_t)256 << 20);
	const struct assay_span key = { r->key, sizeof r->key };
	struct assay_span bytes;
	struct sca_output kept;
	if (cache == NULL || cache_get(cache, CACHE_NAME, key, &view, &bytes, NULL) != ASSAY_OK)
		return;
	sca_output_begin(&whole);
	buf_add_span(&whole, bytes);
	if (whole.status != ASSAY_OK || sca_output_read(buf_span(&whole), "cache", arena, &kept, NULL) != ASSAY_OK || kept.count != 1)
		return;
	r->frame = malloc(bytes.len);
	if (r->frame == NULL)
		return;
	memcpy(r->frame, bytes.data, bytes.len);
	r->frame_len = bytes.len;
	r->state = kept.runs[0].state;
	r->cached = true;
}

/* Only what would come out the same: a time limit strikes by chance. */
static void
remember(const struct run *r, struct cache *cache)
{
	const struct assay_span key = { r->key, sizeof r->key };
	const struct assay_span bytes = { (const unsigned char *)r->frame, r->frame_len };
	if (cache == NULL || r->cached || r->frame == NULL || (r->state != SCA_RAN && r->state != SCA_NOT_COMPILED))
		return;
	/* A cache that can't be written to is none. */
	enum assay_status s = cache_put(cache, CACHE_NAME, key, bytes, NULL);
	(void)s;
}

/* ---- all runs ---- */

static void
run_at(void *context, size_t i)
{
	struct batch *b = context;
	if (b->runs[i].frame == NULL)
		run_one(&b->context, &b->runs[i]);
}

static void
pool_done(struct pool **p)
{
	if (*p != NULL)
		pool_free(p);
}

static enum assay_status
run_all(struct batch *b, struct cache *cache, struct assay_error *err)
{
	CLEANUP(pool_done) struct pool *pool = NULL;
	TRY(pool_new(b->context.server->workers, &pool, err));
	pool_each(pool, b->count, run_at, b);
	for (size_t i = 0; i < b->count; i++) {
		if (b->runs[i].frame == NULL) {
			if (err != NULL)
				*err = b->runs[i].why;
			return b->runs[i].why.status != ASSAY_OK ? b->runs[i].why.status : ASSAY_E_INTERNAL;
		}
		remember(&b->runs[i], cache);
	}
	return ASSAY_OK;
}

static enum assay_status
hand_over(const struct batch *b, struct buf *output, struct engine_tally *t, struct assay_error *err)
{
	for (size_t i = 0; i < b->count; i++) {
		buf_add(output, b->runs[i].frame, b->runs[i].frame_len);
		t->runs++;
		t->cached += b->runs[i].cached;
		t->states[b->runs[i].state] += b->runs[i].unit_count;
	}
	return buf_status(output, "the engines' output", err);
}

/* Why nothing of this engine can be run; SCA_RAN when it can. */
static enum sca_state
obstacle(const struct engine_server *s, const struct engine *e, const char **ret_why)
{
	*ret_why = "";
	if (!e->found) {
		*ret_why = "it isn't here";
		return SCA_ABSENT;
	}
	if (engine_server_cage(s) == ENGINE_CAGE_NONE) {
		*ret_why = "there is no sandbox to run it in";
		return SCA_NO_SANDBOX;
	}
	if (e->why != NULL) {
		*ret_why = e->why;
		return SCA_GARBAGE;
	}
	return SCA_RAN;
}

static enum assay_status
batch_new(struct engine_server *server, const struct engine *e, size_t runs, size_t units, struct batch *b, struct assay_error *err)
{
	b->context = (struct run_context) { server, e, NULL };
	const struct table_row *row = table_find(e->name);
	if (row == NULL || e->in_process)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' is no engine that is run", e->name);
	b->context.program = table_program_name(row);
	b->runs = calloc(runs + 1, sizeof *b->runs);
	b->units = calloc(units + 1, sizeof *b->units);
	if (b->runs == NULL || b->units == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the engines' runs");
	return ASSAY_OK;
}

static enum assay_status
prepare(struct batch *b, struct run *r, enum sca_state state, const char *why, struct cache *cache, struct arena *arena,
    const unsigned char headers[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	r->how = table_pass_find(r->pass->name);
	if (state != SCA_RAN || r->how == NULL)
		run_skip(r, state, why);
	else if (r->units[0]->refused != NULL)
		run_skip(r, SCA_REFUSED, r->units[0]->refused);
	else if (!r->demo && server_source(b->context.server, r->units[0]->path) == NULL)
		run_skip(r, SCA_REFUSED, "the tree has no such file");
	else
		TRY(seal_run(b, r, headers, err));
	if (r->frame == NULL)
		recall(r, cache, arena);
	return ASSAY_OK;
}

enum assay_status
engine_run(struct engine_server *server, const struct engine_job *job, struct arena *arena, struct buf *output,
    struct engine_tally *ret_tally, struct assay_error *err)
{
	CLEANUP(batch_done) struct batch b = { .count = 0 };
	struct engine_tally tally = { 0 };
	unsigned char headers[ASSAY_SHA256_SIZE];
	const char *why = "";
	const size_t most = job->unit_count * job->options->pass_count;
	TRY(batch_new(server, job->engine, most, most, &b, err));
	enum sca_state state = obstacle(server, job->engine, &why);
	TRY(depends_system(server, headers, err));
	for (size_t i = 0; i < job->unit_count; i++) {
		for (size_t p = 0; p < job->options->pass_count; p++) {
			struct run *r = &b.runs[b.count];
			const struct sca_pass *pass = &job->options->passes[p];
			b.units[b.count] = &job->units[i];
			*r = (struct run) { .pass = pass, .units = &b.units[b.count], .unit_count = 1 };
			b.count++;
			TRY(prepare(&b, r, state, why, job->cache, arena, headers, err));
		}
	}
	TRY(run_all(&b, job->cache, err));
	TRY(hand_over(&b, output, &tally, err));
	*ret_tally = tally;
	return ASSAY_OK;
}

/* ---- snippets ---- */

struct demo {
	struct engine_server *server;
	const struct engine *engine;
	const struct sca_options *options;
	struct sca_unit *units;
	size_t count;
	bool laid_out; /* they stand where engines see them */
	struct cache *cache;
	struct arena *arena;
	unsigned char headers[ASSAY_SHA256_SIZE];
	enum sca_state state;
	const char *why;
};

/* All or none, so that what one sees beside it doesn't hang on what was cached. */
static enum assay_status
lay_out(struct demo *d, struct assay_error *err)
{
	const struct sca_snippets *all = d->server->snippets;
	for (size_t i = 0; i < d->count && !d->laid_out; i++)
		TRY(server_add(d->server, "demo", all->items[i].name, all->items[i].bytes, err));
	d->laid_out = true;
	return ASSAY_OK;
}

/* Of the batch, or of each of its units for itself. */
static enum assay_status
demo_runs(struct demo *d, const struct sca_pass *pass, size_t from, size_t count, size_t each, struct batch *b, struct assay_error *err)
{
	TRY(batch_new(d->server, d->engine, count, count, b, err));
	for (size_t i = 0; i < count; i++)
		b->units[i] = &d->units[from + i];
	for (size_t i = 0; i < count; i += each) {
		struct run *r = &b->runs[b->count++];
		*r = (struct run) { .pass = pass, .units = &b->units[i], .unit_count = count - i < each ? count - i : each, .demo = true };
		TRY(prepare(b, r, d->state, d->why, d->cache, d->arena, d->headers, err));
		if (r->frame == NULL)
			TRY(lay_out(d, err));
	}
	return run_all(b, d->cache, err);
}

/* What of a batch didn't go well is run again one by one: a snippet answers for itself alone. */
static enum assay_status
demo_pass(struct demo *d, const struct sca_pass *pass, struct buf *output, struct engine_tally *t, struct assay_error *err)
{
	CLEANUP(batch_done) struct batch b = { .count = 0 };
	const struct table_pass *how = table_pass_find(pass->name);
	const size_t each = how != NULL && how->batch > 1 && d->state == SCA_RAN ? how->batch : 1;
	size_t from = 0;
	TRY(demo_runs(d, pass, 0, d->count, each, &b, err));
	for (size_t i = 0; i < b.count; i++) {
		const struct run *r = &b.runs[i];
		CLEANUP(batch_done) struct batch single = { .count = 0 };
		if (r->unit_count > 1 && r->state != SCA_RAN) {
			TRY(demo_runs(d, pass, from, r->unit_count, 1, &single, err));
			TRY(hand_over(&single, output, t, err));
		} else {
			struct batch one = { .runs = &b.runs[i], .count = 1 };
			TRY(hand_over(&one, output, t, err));
		}
		from += r->unit_count;
	}
	return ASSAY_OK;
}

static enum assay_status
demo_units(struct demo *d, const struct sca_snippets *snippets, struct assay_error *err)
{
	static const char *const c[] = { "-std=c17", NULL }, *const cxx[] = { "-std=c++17", NULL };
	d->units = arena_array(d->arena, snippets->count + 1, sizeof *d->units);
	if (d->units == NULL)
		return arena_full(err);
	for (size_t i = 0; i < snippets->count; i++) {
		const struct sca_snippet *s = &snippets->items[i];
		const char *dot = strrchr(s->name, '.');
		bool is_c = dot == NULL || strcmp(dot, ".c") == 0;
		d->units[i] = (struct sca_unit) { .path = s->name, .args = is_c ? c : cxx, .arg_count = 1, .refused_word = "" };
	}
	d->count = snippets->count;
	return ASSAY_OK;
}

enum assay_status
engine_demonstrate(struct engine_server *server, const struct engine *engine, const struct sca_options *options,
    const struct sca_snippets *snippets, struct cache *cache, struct arena *arena, struct buf *output,
    struct engine_tally *ret_tally, struct assay_error *err)
{
	struct demo d = { .server = server, .engine = engine, .options = options, .cache = cache, .arena = arena };
	struct engine_tally tally = { 0 };
	enum assay_status status = ASSAY_OK;
	d.state = obstacle(server, engine, &d.why);
	TRY(depends_system(server, d.headers, err));
	TRY(demo_units(&d, snippets, err));
	server->snippets = snippets;
	for (size_t p = 0; status == ASSAY_OK && p < options->pass_count; p++)
		status = demo_pass(&d, &options->passes[p], output, &tally, err);
	server->snippets = NULL;
	TRY(status);
	*ret_tally = tally;
	return ASSAY_OK;
}
