/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where tree and seal are. The tree's own name may be a link, as many installations have one to the version in use: it is resolved
 * once, what it led to is said, and from there on everything is reached from the folder that was opened.
 */
#include "work.h"

#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define SUFFIX ".seal"

static enum assay_status
no_tree(const char *path, int error, struct assay_error *err)
{
	(void)assay_fail(err, error == ENOENT || error == ENOTDIR ? ASSAY_E_USAGE : ASSAY_E_SYSTEM, "can't look at '%s': %s", path,
	    text_errno(error));
	return assay_error_todo(err, error == ENOENT || error == ENOTDIR ? ASSAY_E_USAGE : ASSAY_E_SYSTEM,
	    "name the folder, or the file, that was delivered or installed");
}

/* A file by itself: its folder is opened, and its name kept. */
static enum assay_status
open_lone(struct work *w, struct assay_error *err)
{
	char *slash = strrchr(w->r->tree, '/');
	if (slash == NULL || strlen(slash + 1) > WALK_NAME_MAX)
		return assay_fail(err, ASSAY_E_INTERNAL, "a real path has no last component");
	memcpy(w->lone, slash + 1, strlen(slash + 1) + 1);
	w->r->lone = true;
	*slash = '\0';
	const enum assay_status status = walk_root(AT_FDCWD, slash == w->r->tree ? "/" : w->r->tree, &w->tree, err);
	*slash = '/';
	return status;
}

static enum assay_status
open_tree(struct work *w, struct assay_error *err)
{
	struct stat st;
	w->r->tree = realpath(w->q->tree, NULL);
	if (w->r->tree == NULL || lstat(w->r->tree, &st) != 0)
		return no_tree(w->q->tree, errno, err);
	if (S_ISREG(st.st_mode))
		return open_lone(w, err);
	if (!S_ISDIR(st.st_mode))
		return assay_fail(err, ASSAY_E_USAGE, "'%s' is neither a folder nor a file", w->q->tree);
	return walk_root(AT_FDCWD, w->r->tree, &w->tree, err);
}

/* The seal where it is looked for when nobody named it: in the tree, or else beside it. */
static enum assay_status
open_default_seal(struct work *w, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT((size_t)2 * WALK_PATH_MAX);
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
	buf_add_str(&path, w->r->tree);
	if (!w->r->lone) {
		w->seal = openat(w->tree->fd, VERIFY_SEAL_INSIDE, flags);
		w->seal_inside = w->seal >= 0;
	}
	if (w->seal < 0)
		buf_add_str(&path, SUFFIX);
	else
		buf_add_str(&path, "/" VERIFY_SEAL_INSIDE);
	TRY(buf_status(&path, "the seal's path", err));
	if (w->seal < 0)
		w->seal = open(buf_str(&path), flags);
	w->r->seal = strdup(buf_str(&path));
	return w->r->seal == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for a path") : ASSAY_OK;
}

static bool
same_folder(int a, int b)
{
	struct stat sa, sb;
	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* One that was named may be the one inside all the same. */
static enum assay_status
open_named_seal(struct work *w, struct assay_error *err)
{
	w->r->seal = realpath(w->q->seal, NULL);
	if (w->r->seal == NULL && errno == ENOMEM)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a path");
	if (w->r->seal == NULL) {
		w->r->seal = strdup(w->q->seal);
		return w->r->seal == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for a path") : ASSAY_OK;
	}
	w->seal = open(w->r->seal, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (w->r->lone || w->seal < 0)
		return ASSAY_OK;
	CLEANUP(close_fd) int inside = openat(w->tree->fd, VERIFY_SEAL_INSIDE, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	w->seal_inside = inside >= 0 && same_folder(inside, w->seal);
	return ASSAY_OK;
}

enum assay_status
place_open(struct work *w, struct assay_error *err)
{
	TRY(open_tree(w, err));
	TRY(w->q->seal != NULL ? open_named_seal(w, err) : open_default_seal(w, err));
	if (w->seal < 0) {
		verify_find(w->r, ASSAY_RELEASE_NO_SEAL, NULL, "there is no seal folder '%s': %s", w->r->seal, text_errno(errno));
		w->good = false;
	}
	return ASSAY_OK;
}
