/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HEAD's files for the engines: bytes hashed again, each file at its path, nothing of the work tree.
 */
#include "analysis.h"

#include "internal.h"

#include <base/catch.h>
#include <base/unconst.h>

struct wanted {
	struct oid id;
	size_t file; /* index into the sources */
};

struct giving {
	struct analysis_fetch *f;
	enum oid_algo algo;
	struct wanted *wanted; /* own memory, sorted by id */
	size_t count;
	size_t *firsts;        /* own memory: where each id begins among them, and one past the last */
	size_t distinct;
	uint64_t bytes;
};

static void
giving_done(struct giving *g)
{
	free(g->wanted);
	free(g->firsts);
}

static int
compare_wanted(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	const int order = oid_compare(&x->id, &y->id);
	return order != 0 ? order : (x->file > y->file) - (x->file < y->file);
}

static enum assay_status
choose(struct giving *g, struct assay_error *err)
{
	const struct sources *s = &g->f->tree.sources;
	g->wanted = calloc(s->count + 1, sizeof g->wanted[0]);
	g->firsts = calloc(s->count + 2, sizeof g->firsts[0]);
	if (g->wanted == NULL || g->firsts == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of HEAD's files");
	for (size_t i = 0; i < s->count; i++) {
		if (s->files[i].mode == 0160000)
			g->f->left[i] = "it is a submodule";
		else if (s->files[i].mode == 0120000)
			g->f->left[i] = "it is a link";
		else
			g->wanted[g->count++] = (struct wanted){ s->files[i].id, i };
	}
	if (g->count > 0)
		qsort(g->wanted, g->count, sizeof g->wanted[0], compare_wanted);
	for (size_t i = 0; i < g->count; i++)
		if (i == 0 || oid_compare(&g->wanted[i - 1].id, &g->wanted[i].id) != 0)
			g->firsts[g->distinct++] = i;
	g->firsts[g->distinct] = g->count;
	return ASSAY_OK;
}

static void
name_blob(void *ctx, size_t i, struct buf *out)
{
	const struct giving *g = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&g->wanted[g->firsts[i]].id, g->algo, hex);
	buf_add_str(out, hex);
}

/* Why a blob can't be used, or NULL. */
static const char *
fault_of(const struct giving *g, size_t i, const struct object_read *got)
{
	struct oid id;
	if (got->over_cap)
		return "it is larger than the files that are analysed";
	if (!got->present || got->type != GIT_BLOB || git_hash(g->algo, GIT_BLOB, got->bytes, &id, NULL) != ASSAY_OK
	    || CATCH(analysis_blob_altered, oid_compare(&id, &g->wanted[g->firsts[i]].id) != 0))
		return "its object is absent or altered";
	return NULL;
}

static enum assay_status
keep_for_trials(struct analysis_fetch *f, size_t i, struct assay_span bytes, struct assay_error *err)
{
	struct source_file *file = unconst(&f->tree.sources.files[i]);
	if (f->left[i] != NULL || !analysis_may_silence(file->path, bytes) || f->kept_bytes + bytes.len > ANALYSIS_KEPT_MAX)
		return ASSAY_OK;
	const char *copy = arena_copy(f->arena, bytes);
	if (copy == NULL)
		return arena_full(err);
	file->bytes = (struct assay_span){ (const unsigned char *)copy, bytes.len };
	file->has_bytes = true;
	f->kept_bytes += bytes.len;
	return ASSAY_OK;
}

static enum assay_status
got_blob(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct giving *g = ctx;
	struct analysis_fetch *f = g->f;
	const char *fault = fault_of(g, i, got);
	for (size_t k = g->firsts[i]; k < g->firsts[i + 1]; k++) {
		const size_t file = g->wanted[k].file;
		const char *path = f->tree.sources.files[file].path;
		f->left[file] = fault;
		if (fault != NULL)
			continue;
		if ((g->bytes += got->bytes.len) > ANALYSIS_BYTES_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "HEAD's files have more than %llu bytes together",
			    (unsigned long long)ANALYSIS_BYTES_MAX);
		const enum assay_status status = engine_add_source(f->c->engines, path, got->bytes, err);
		if (status == ASSAY_E_UNSUPPORTED)
			f->left[file] = "engines can't be given a file of such a name";
		else
			TRY(status);
		TRY(keep_for_trials(f, file, got->bytes, err));
	}
	if (f->c->progress != NULL)
		f->c->progress(f->c->progress_ctx, "files for the analysers", i + 1, g->distinct);
	return ASSAY_OK;
}

enum assay_status
analysis_give_sources(struct analysis_fetch *f, struct assay_error *err)
{
	CLEANUP(giving_done) struct giving g = { .f = f, .algo = f->c->repository->algo };
	f->left = arena_array(f->arena, f->tree.sources.count + 1, sizeof f->left[0]);
	if (f->left == NULL)
		return arena_full(err);
	TRY(choose(&g, err));
	const struct object_wanted wanted = { .count = g.distinct, .cap = ANALYSIS_FILE_MAX,
		.name = name_blob, .got = got_blob, .ctx = &g };
	return object_reader_each(f->s->reader, &wanted, err);
}

/* ---- one file ---- */

struct single {
	struct analysis_fetch *f;
	const struct source_file *file;
	struct assay_span bytes;
};

static void
name_single(void *ctx, size_t i, struct buf *out)
{
	const struct single *s = ctx;
	char hex[2 * OID_MAX + 1];
	(void)i;
	oid_hex(&s->file->id, s->f->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_single(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct single *s = ctx;
	struct oid id;
	(void)i;
	if (!got->present || got->over_cap || got->type != GIT_BLOB
	    || git_hash(s->f->c->repository->algo, GIT_BLOB, got->bytes, &id, NULL) != ASSAY_OK
	    || CATCH(analysis_file_altered, oid_compare(&id, &s->file->id) != 0))
		return ASSAY_OK;
	const char *copy = arena_copy(s->f->arena, got->bytes);
	if (copy == NULL)
		return arena_full(err);
	s->bytes = (struct assay_span){ (const unsigned char *)copy, got->bytes.len };
	return ASSAY_OK;
}

enum assay_status
analysis_read_file(struct analysis_fetch *f, const char *path, struct assay_span *ret_bytes, struct assay_error *err)
{
	struct single one = { .f = f, .file = sources_find(&f->tree.sources, path) };
	if (one.file != NULL && (one.file->mode == 0100644 || one.file->mode == 0100755)) {
		const struct object_wanted wanted
		    = { .count = 1, .cap = ANALYSIS_FILE_MAX, .name = name_single, .got = got_single, .ctx = &one };
		TRY(object_reader_each(f->s->reader, &wanted, err));
	}
	*ret_bytes = one.bytes;
	return ASSAY_OK;
}
