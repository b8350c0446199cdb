/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox around a verb.
 */
#include "confine.h"

#include <base/cleanup.h>
#include <base/sandbox.h>

enum assay_status
confine_to_reading(struct workspace *w, const struct output *o, struct assay_error *err)
{
	const struct repository *r = w->repository;
	const char *readable[] = { r->root, r->git_dir, r->common_dir, "/usr", "/bin", "/lib", "/lib64",
		"/etc", "/proc", "/sys/devices/system/cpu", "/dev/null", NULL };
	/* Where the object reader may make its own, empty GIT_DIR. */
	const char *writable[8] = { "/tmp", "/var/tmp", "/dev/shm", "/dev/null" };
	size_t count = 4;
	if (o->path != NULL)
		writable[count++] = o->path;
	if (w->state != NULL)
		writable[count++] = w->state;
	struct sandbox_report report = { 0 };
	/* Threads that run already would stay outside: the pool starts again within. */
	unsigned threads = pool_threads(w->pool);
	pool_free(&w->pool);
	sandbox_enter(readable, writable, true, &report);
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
