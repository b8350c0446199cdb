/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State: where it lies, and what an earlier run left there.
 */
#include "state.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#define SNAPSHOT_MAX (64u << 20)
#define PROGRAM_MAX (256u << 20)

static char *
join(struct arena *a, const char *folder, const char *name)
{
	return arena_printf(a, "%s/%s", folder, name);
}

const char *
state_variable(const char *name)
{
	return getenv(name);
}

char *
state_xdg_folder(struct arena *a, const char *variable, const char *fallback)
{
	const char *base = state_variable(variable);
	if (base != NULL && base[0] == '/')
		return join(a, base, "assay");
	const char *home = state_variable("HOME");
	if (home == NULL || home[0] != '/')
		return NULL;
	return arena_printf(a, "%s/%s/assay", home, fallback);
}

/* True when path lies in folder or is it. */
static bool
lies_in(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Where path lies, or the nearest folder above it that is there. */
static enum assay_status
resolve(const char *path, char ret_real[PATH_MAX], struct assay_error *err)
{
	char above[PATH_MAX];
	if (snprintf(above, sizeof above, "%s", path) >= (int)sizeof above)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%.40s...' is too long a path", path);
	while (realpath(above, ret_real) == NULL) {
		char *slash = strrchr(above, '/');
		if (errno != ENOENT || (slash == NULL && strcmp(above, ".") == 0))
			return assay_fail(err, ASSAY_E_SYSTEM, "can't resolve '%s': %s", path, text_errno(errno));
		if (slash == NULL)
			(void)snprintf(above, sizeof above, ".");
		else
			slash[slash == above] = '\0';
	}
	return ASSAY_OK;
}

static enum assay_status
refuse_inside(const struct workspace *w, const char *state, struct assay_error *err)
{
	char real[PATH_MAX];
	const char *inside[] = { w->repository->work_tree, w->repository->git_dir,
		w->repository->common_dir };
	TRY(resolve(state, real, err));
	for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
		if (inside[i] == NULL || !lies_in(real, inside[i]))
			continue;
		(void)assay_fail(err, ASSAY_E_USAGE, "the state folder '%s' lies inside the checked "
		    "repository", state);
		return assay_error_todo(err, ASSAY_E_USAGE, "name another with --state or XDG_STATE_HOME");
	}
	return ASSAY_OK;
}

/* The folder's name: the repository's id, and a digest of where it lies: two clones have two ledgers. */
static char *
repository_folder(const struct workspace *w)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[17];
	if (assay_sha256(assay_span_str(w->repository->common_dir), digest) != ASSAY_OK)
		return NULL;
	text_hex((struct assay_span){ digest, 8 }, hex);
	return arena_printf(w->arena, "%s/%s-%s", w->state_base,
	    w->policy.repository_id == NULL ? "unnamed" : w->policy.repository_id, hex);
}

/* Another build of assay may read the same bytes otherwise. */
enum assay_status
state_program_digest(unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(file_view_done) struct file_view view = { 0 };
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't find this program's own file");
	path[n] = '\0';
	TRY(file_view(path, PROGRAM_MAX, &view, err));
	return assay_sha256(view.bytes, ret_digest);
}

static enum assay_status
open_state(struct workspace *w, struct assay_error *err)
{
	char *state = repository_folder(w);
	char *config = state_xdg_folder(w->arena, "XDG_CONFIG_HOME", ".config");
	if (state == NULL || config == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "neither XDG_CONFIG_HOME nor HOME is set");
	/* Before anything is made there, and again in case it leads elsewhere than what was there before. */
	TRY(refuse_inside(w, state, err));
	TRY(file_make_dirs(state, true, err));
	TRY(refuse_inside(w, state, err));
	w->state = state;
	char *entries = join(w->arena, state, "cache");
	char *key = join(w->arena, config, "cache.key");
	if (entries == NULL || key == NULL)
		return arena_full(err);
	TRY(file_make_dirs(config, true, err));
	TRY(file_make_dirs(entries, true, err));
	TRY(state_program_digest(w->program, err));
	return cache_open(entries, key, &w->cache, err);
}

enum assay_status
workspace_state(const struct cli *cli, struct workspace *w, struct assay_error *err)
{
	if (cli->state != NULL) {
		char *base = arena_str(w->arena, cli->state);
		if (base == NULL)
			return arena_full(err);
		w->state_base = base;
		return open_state(w, err);
	}
	w->state_base = state_xdg_folder(w->arena, "XDG_STATE_HOME", ".local/state");
	if (w->state_base == NULL) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "neither XDG_STATE_HOME nor HOME is set");
		return ASSAY_OK;
	}
	enum assay_status status = open_state(w, err);
	return status == ASSAY_E_USAGE ? status : ASSAY_OK;
}

enum assay_status
state_stamp(const struct workspace *w, const char *const *kinds, size_t kind_count,
    unsigned char ret_stamp[ASSAY_SHA256_SIZE], bool *ret_settled, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT((size_t)1 << 30);
	if (w->cache == NULL) {
		*ret_settled = false;
		return ASSAY_OK;
	}
	buf_add(&all, w->program, sizeof w->program);
	for (size_t i = 0; i < kind_count; i++)
		buf_add(&all, kinds[i], strlen(kinds[i]) + 1);
	if (w->engines != NULL)
		engine_stamp(w->engines, &all);
	TRY(repository_stamp(w->repository, &all, ret_settled, err));
	TRY(buf_status(&all, "the repository's stamp", err));
	return assay_sha256(buf_span(&all), ret_stamp);
}

static enum assay_status
recall_members(struct workspace *w, struct evidence *e, struct assay_error *err)
{
	for (size_t i = 0; i < e->member_count; i++) {
		struct evidence_member *m = &e->members[i];
		if (w->view_count == WORKSPACE_MEMBERS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "too many members");
		struct assay_span key = { m->sha256, sizeof m->sha256 };
		TRY(cache_get(w->cache, "member", key, &w->views[w->view_count], &m->bytes, err));
		w->view_count++;
	}
	return ASSAY_OK;
}

static enum assay_status
recall(struct workspace *w, const unsigned char stamp[ASSAY_SHA256_SIZE],
    struct evidence_set *ret_set, struct assay_error *err)
{
	CLEANUP(file_view_done) struct file_view view = { 0 };
	struct assay_span json;
	struct assay_span key = { stamp, ASSAY_SHA256_SIZE };
	TRY(cache_get(w->cache, "snapshot", key, &view, &json, err));
	TRY(evidence_read(json, w->arena, ret_set, err));
	for (size_t i = 0; i < ret_set->count; i++)
		TRY(recall_members(w, &ret_set->items[i], err));
	return ASSAY_OK;
}

/* The evidence speaks of the head that the repository has now. */
static bool
is_about(const struct workspace *w, const struct evidence_set *set)
{
	const char *subject = repository_subject(w->repository, w->arena);
	for (size_t i = 0; i < set->count; i++) {
		if (subject == NULL || strcmp(set->items[i].subject, subject) != 0)
			return false;
	}
	return true;
}

bool
state_recall(struct workspace *w, const unsigned char stamp[ASSAY_SHA256_SIZE])
{
	struct assay_error ignored = { 0 };
	struct evidence_set set = { 0 };
	if (w->cache == NULL || recall(w, stamp, &set, &ignored) != ASSAY_OK || !is_about(w, &set))
		return false;
	w->evidence = set;
	return true;
}

/* What is written while the evidence is parsed already: that changes neither bytes nor digests. */
struct remembered {
	struct workspace *w;
	struct buf json;
	unsigned char stamp[ASSAY_SHA256_SIZE];
	size_t count;
	struct evidence_member members[WORKSPACE_MEMBERS_MAX];
};

static void
write_remembered(void *arg)
{
	struct remembered *r = arg;
	struct cache *cache = r->w->cache;
	struct assay_error ignored = { 0 };
	enum assay_status status = ASSAY_OK;
	for (size_t i = 0; i < r->count && status == ASSAY_OK; i++) {
		struct assay_span key = { r->members[i].sha256, ASSAY_SHA256_SIZE };
		status = cache_put(cache, "member", key, r->members[i].bytes, &ignored);
	}
	struct assay_span key = { r->stamp, sizeof r->stamp };
	/* Last: a snapshot stands only when its members do. */
	if (status == ASSAY_OK)
		status = cache_put(cache, "snapshot", key, buf_span(&r->json), &ignored);
	(void)status;
	buf_done(&r->json);
}

/* False when there are too many, or when the next run may see what no stamp tells: why one couldn't be read, or a file beside HEAD's. */
static bool
list_members(const struct evidence_set *set, struct remembered *r)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct evidence *e = &set->items[i];
		if (e->completeness == EVIDENCE_UNREADABLE || e->fleeting || e->member_count > WORKSPACE_MEMBERS_MAX - r->count)
			return false;
		for (size_t k = 0; k < e->member_count; k++)
			r->members[r->count++] = e->members[k];
	}
	return true;
}

void
state_remember(struct workspace *w, const unsigned char stamp[ASSAY_SHA256_SIZE])
{
	struct assay_error ignored = { 0 };
	struct remembered *r = w->cache == NULL ? NULL : arena_alloc(w->arena, sizeof *r);
	if (r == NULL || !list_members(&w->evidence, r))
		return;
	r->w = w;
	r->json = (struct buf)BUF_INIT(SNAPSHOT_MAX);
	memcpy(r->stamp, stamp, sizeof r->stamp);
	if (evidence_describe(&w->evidence, &r->json, &ignored) == ASSAY_OK)
		pool_submit(w->pool, write_remembered, r);
	else
		buf_done(&r->json);
}

void
state_load_memo(struct workspace *w)
{
	struct assay_error ignored = { 0 };
	CLEANUP(file_view_done) struct file_view view = { 0 };
	struct assay_span bytes = { 0 };
	if (w->cache == NULL)
		return;
	struct assay_span key = { w->program, sizeof w->program };
	if (cache_get(w->cache, "memo", key, &view, &bytes, &ignored) == ASSAY_OK)
		buf_add_span(&w->memo_bytes, bytes);
	if (memo_load(buf_span(&w->memo_bytes), w->arena, &w->memo, &ignored) != ASSAY_OK)
		w->memo = NULL;
}

void
state_save_memo(struct workspace *w)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT((size_t)1 << 30);
	struct assay_error ignored = { 0 };
	if (w->cache == NULL || w->memo == NULL || !memo_changed(w->memo) ||
	    memo_dump(w->memo, &bytes, &ignored) != ASSAY_OK)
		return;
	struct assay_span key = { w->program, sizeof w->program };
	enum assay_status status = cache_put(w->cache, "memo", key, buf_span(&bytes), &ignored);
	(void)status;
}
