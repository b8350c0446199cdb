/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox around a verb.
 */
#include "confine.h"

#include "engines.h"

#include <base/cleanup.h>
#include <base/sandbox.h>
#include <string.h>

/* Folders that every check reads. */
static const char *const system_folders[] = { "/usr", "/bin", "/lib", "/lib64", "/etc", "/proc",
	"/sys/devices/system/cpu", "/dev/null" };
#define SYSTEM_FOLDERS (sizeof system_folders / sizeof system_folders[0])

static enum assay_status
list_readable(const struct workspace *w, const char ***ret_paths, struct assay_error *err)
{
	const struct repository *r = w->repository;
	const char *own[] = { r->root, r->git_dir, r->common_dir };
	const char *const *objects = NULL;
	size_t count = 0;
	TRY(repository_object_folders(r, w->arena, &objects, err));
	while (objects[count] != NULL)
		count++;
	const char **paths = arena_array(w->arena, count + 3 + SYSTEM_FOLDERS + w->also_count + 1, sizeof *paths);
	if (paths == NULL)
		return arena_full(err);
	memcpy(paths, own, sizeof own);
	memcpy(paths + 3, system_folders, sizeof system_folders);
	memcpy(paths + 3 + SYSTEM_FOLDERS, objects, count * sizeof *objects);
	memcpy(paths + 3 + SYSTEM_FOLDERS + count, w->also, w->also_count * sizeof *paths);
	*ret_paths = paths;
	return ASSAY_OK;
}

enum assay_status
confine_to_reading(const struct cli *cli, struct workspace *w, const char *writable, bool engines,
    bool *ret_confined, struct assay_error *err)
{
	const char **readable = NULL;
	/* Where the object reader may make its own, empty GIT_DIR. */
	const char *paths[8] = { "/tmp", "/var/tmp", "/dev/shm", "/dev/null" };
	size_t count = 4;
	TRY(list_readable(w, &readable, err));
	if (writable != NULL)
		paths[count++] = writable;
	if (w->state != NULL)
		paths[count++] = w->state;
	if (engines)
		TRY(engines_cache(w->arena, &w->engine_cache, &paths[count], err));
	count += paths[count] != NULL;
	struct sandbox_report report = { 0 };
	/* Threads that run already would stay outside: the pool starts again within. */
	unsigned threads = pool_threads(w->pool);
	pool_free(&w->pool);
	/* What starts sandboxes must lie outside of ours. */
	if (engines)
		TRY(engines_start(cli, &w->engines, err));
	sandbox_enter(readable, paths, true, &report);
	*ret_confined = report.landlock || report.seccomp;
	return pool_new(threads, &w->pool, err);
}

void
confine_fully(void)
{
	struct sandbox_report report = { 0 };
	sandbox_enter(NULL, NULL, false, &report);
}

void
confine_to_pack(const struct output *o)
{
	const char *none[] = { NULL };
	const char *writable[] = { o == NULL ? NULL : o->path, NULL };
	struct sandbox_report report = { 0 };
	sandbox_enter(none, writable, false, &report);
}
