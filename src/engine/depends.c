/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a result depends on. A unit's preprocessed text isn't enough: engines read comments, columns and branches that it lacks. So it
 * is the unit itself and every file of the tree that any of its branches may include, found by the last part of the name, which is
 * more than any search path would find. Of the system's headers, that none of them changed.
 */
#include "run.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/unconst.h>
#include <errno.h>
#include <fts.h>
#include <sys/stat.h>

#define SYSTEM_MAX (64u << 20)
#define TREE_MAX (256u << 20)

const char *
server_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/* ---- the tree ---- */

static int
by_base(const void *a, const void *b, void *context)
{
	const struct engine_server *s = context;
	const struct server_source *x = &s->sources[*(const uint32_t *)a];
	const struct server_source *y = &s->sources[*(const uint32_t *)b];
	int order = strcmp(server_base_name(x->path), server_base_name(y->path));
	return order != 0 ? order : strcmp(x->path, y->path);
}

/* Called from the thread that adds files alone. */
static enum assay_status
index_names(struct engine_server *s, struct assay_error *err)
{
	if (s->by_name_count == s->source_count && s->by_name != NULL)
		return ASSAY_OK;
	free(s->by_name);
	s->by_name = calloc(s->source_count + 1, sizeof *s->by_name);
	if (s->by_name == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the names of files");
	for (uint32_t i = 0; i < s->source_count; i++)
		s->by_name[i] = i;
	qsort_r(s->by_name, s->source_count, sizeof *s->by_name, by_base, s);
	s->by_name_count = s->source_count;
	return ASSAY_OK;
}

/* The first of the names that isn't before base. */
static size_t
find_base(const struct engine_server *s, const char *base)
{
	size_t low = 0, high = s->by_name_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(server_base_name(s->sources[s->by_name[middle]].path), base) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct closure {
	struct engine_server *server;
	unsigned char *in; /* one a source */
	uint32_t *queue;
	size_t count;
	bool everything;
};

static void
closure_free(struct closure **c)
{
	if (*c != NULL) {
		free((*c)->in);
		free((*c)->queue);
	}
	free(*c);
}

static void
reach(struct closure *c, uint32_t source)
{
	if (c->in[source])
		return;
	c->in[source] = 1;
	c->queue[c->count++] = source;
}

static void
close_over(struct closure *c)
{
	const struct engine_server *s = c->server;
	for (size_t at = 0; at < c->count && !c->everything; at++) {
		const struct server_source *x = &s->sources[c->queue[at]];
		c->everything = x->includes_anything;
		for (size_t i = 0; i < x->include_count; i++) {
			for (size_t j = find_base(s, x->includes[i]); j < s->by_name_count
			     && strcmp(server_base_name(s->sources[s->by_name[j]].path), x->includes[i]) == 0; j++)
				reach(c, s->by_name[j]);
		}
	}
}

/* A header that the command line brings ("-include /src/config.h") stands in no file. */
static void
reach_arguments(struct closure *c, const struct sca_unit *unit)
{
	static const char root[] = "/src/";
	for (size_t i = 0; i < unit->arg_count; i++) {
		const struct server_source *x = strncmp(unit->args[i], root, sizeof root - 1) != 0
		    ? NULL
		    : server_source(c->server, unit->args[i] + sizeof root - 1);
		if (x != NULL)
			reach(c, (uint32_t)(x - c->server->sources));
	}
}

enum assay_status
depends_digest(struct engine_server *s, const struct sca_unit *u, unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(closure_free) struct closure *c = calloc(1, sizeof *c);
	CLEANUP(buf_done) struct buf all = BUF_INIT(TREE_MAX);
	const struct server_source *unit = server_source(s, u->path);
	if (unit == NULL)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "the tree has no file '%s'", u->path);
	TRY(index_names(s, err));
	if (c == NULL || (c->in = calloc(s->source_count + 1, 1)) == NULL
	    || (c->queue = calloc(s->source_count + 1, sizeof *c->queue)) == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for what '%s' includes", u->path);
	c->server = s;
	reach(c, (uint32_t)(unit - s->sources));
	reach_arguments(c, u);
	close_over(c);
	/* Sources are sorted by path, and so is this list. */
	for (size_t i = 0; i < s->source_count; i++) {
		if (!c->in[i] && !c->everything)
			continue;
		buf_add_str(&all, s->sources[i].path);
		buf_add_byte(&all, 0);
		buf_add(&all, s->sources[i].digest, sizeof s->sources[i].digest);
	}
	TRY(buf_status(&all, "what a file includes", err));
	return assay_sha256(buf_span(&all), ret_digest);
}

/* ---- the system ---- */

static void
walk_done(FTS **walk)
{
	if (*walk != NULL)
		(void)fts_close(*walk);
}

/* A folder's own order is the file system's. */
static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum assay_status
list_system(struct buf *text, struct assay_error *err)
{
	static const char *const folders[] = { "/usr/include", "/usr/local/include", "/usr/lib/gcc", "/usr/lib/llvm-19/lib/clang", NULL };
	CLEANUP(walk_done) FTS *walk = fts_open(unconst(folders), FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	const FTSENT *e;
	while (walk != NULL && (e = fts_read(walk)) != NULL)
		if (e->fts_info == FTS_F)
			buf_addf(text, "%s %jd %jd.%ld\n", e->fts_path, (intmax_t)e->fts_statp->st_size,
			    (intmax_t)e->fts_statp->st_ctim.tv_sec, e->fts_statp->st_ctim.tv_nsec);
	if (walk == NULL || errno != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the system's headers can't be listed: %s", text_errno(errno));
	return buf_status(text, "the names of the system's headers", err);
}

enum assay_status
depends_system(struct engine_server *s, unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(SYSTEM_MAX);
	if (!s->has_headers) {
		TRY(list_system(&text, err));
		TRY(assay_sha256(buf_span(&text), s->headers));
		s->has_headers = true;
	}
	memcpy(ret_digest, s->headers, sizeof s->headers);
	return ASSAY_OK;
}
