/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <errno.h>

#include "walk_inside.h"

/* A component on the way, with its folder. */
struct level {
	struct walk_folder *folder; /* NULL when it can't be entered, and then */
	int error;		    /* why */
	size_t end;		    /* of its path in walk_path.at */
};

struct walk_path {
	bool one_device;
	walk_left *left;
	void *ctx;
	struct walk_folder *root;
	struct level levels[WALK_DEPTH_MAX];
	size_t depth;
	char at[WALK_PATH_MAX + 1];   /* the folder that levels lead to */
	char name[WALK_NAME_MAX + 1]; /* the last component handed out */
};

enum assay_status
walk_path_new(struct walk_folder *root, const struct walk_options *options, walk_left *left,
    void *ctx, struct walk_path **ret_path, struct assay_error *err)
{
	struct walk_path *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a walk");
	w->one_device = options->one_device;
	w->left = left;
	w->ctx = ctx;
	w->root = walk_keep(root);
	*ret_path = w;
	return ASSAY_OK;
}

void
walk_path_free(struct walk_path **where)
{
	struct walk_path *w = *where;
	if (w == NULL)
		return;
	while (w->depth > 0)
		walk_drop(&w->levels[--w->depth].folder);
	walk_drop(&w->root);
	free(w);
	*where = NULL;
}

/* A folder's part of path, without the last slash; SIZE_MAX when path breaks the rules. */
static size_t
parent_of(struct assay_span path)
{
	size_t parent = 0, begin = 0;
	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.data[i] == '\0')
			return SIZE_MAX;
		if (i < path.len && path.data[i] != '/')
			continue;
		const size_t len = i - begin;
		const unsigned char *name = path.data + begin;
		if (len == 0 || len > WALK_NAME_MAX || (len == 1 && name[0] == '.') ||
		    (len == 2 && name[0] == '.' && name[1] == '.'))
			return SIZE_MAX;
		if (i < path.len)
			parent = i;
		begin = i + 1;
	}
	return parent;
}

static struct level
innermost(const struct walk_path *w)
{
	return w->depth == 0 ? (struct level){w->root, 0, 0} : w->levels[w->depth - 1];
}

/* Leaves the innermost folder. */
static enum assay_status
leave(struct walk_path *w, struct assay_error *err)
{
	CLEANUP(walk_drop) struct walk_folder *folder = steal(&w->levels[w->depth - 1].folder);
	enum assay_status s = ASSAY_OK;
	if (folder != NULL)
		s = w->left(w->ctx, folder, w->at, err);
	w->depth--;
	w->at[innermost(w).end] = '\0';
	return s;
}

/* True when a level's folder leads to parent, or is it. */
static bool
leads_to(const struct walk_path *w, size_t end, struct assay_span parent)
{
	return end <= parent.len && memcmp(w->at, parent.data, end) == 0 &&
	       (end == parent.len || parent.data[end] == '/');
}

/* One component further: parent's first end bytes. */
static enum assay_status
enter(struct walk_path *w, struct assay_span parent, size_t begin, size_t end,
    struct assay_error *err)
{
	if (w->depth == WALK_DEPTH_MAX)
		return assay_fail(
		    err, ASSAY_E_LIMIT, "a path of more than %d components", WALK_DEPTH_MAX);
	const struct level above = innermost(w);
	struct level *level = &w->levels[w->depth];
	*level = (struct level){NULL, above.error, end};
	memcpy(w->at, parent.data, end);
	w->at[end] = '\0';
	if (above.folder != NULL)
		level->error =
		    walk_open_folder(above.folder, w->at + begin, w->one_device, &level->folder);
	w->depth++;
	return ASSAY_OK;
}

static enum assay_status
go_to(struct walk_path *w, struct assay_span parent, struct assay_error *err)
{
	while (w->depth > 0 && !leads_to(w, w->levels[w->depth - 1].end, parent))
		TRY(leave(w, err));
	size_t at = innermost(w).end;
	while (at < parent.len) {
		const size_t begin = at == 0 ? 0 : at + 1;
		const unsigned char *slash = memchr(parent.data + begin, '/', parent.len - begin);
		at = slash == NULL ? parent.len : (size_t)(slash - parent.data);
		TRY(enter(w, parent, begin, at, err));
	}
	return ASSAY_OK;
}

enum assay_status
walk_path_to(struct walk_path *w, struct assay_span path, struct walk_folder **ret_folder,
    const char **ret_name, int *ret_error, struct assay_error *err)
{
	if (path.len > WALK_PATH_MAX)
		return assay_fail(
		    err, ASSAY_E_LIMIT, "a path of more than %d bytes", WALK_PATH_MAX);
	const size_t parent = parent_of(path);
	if (parent == SIZE_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "no path below a folder");
	TRY(go_to(w, (struct assay_span){path.data, parent}, err));
	const size_t begin = parent == 0 ? 0 : parent + 1;
	memcpy(w->name, path.data + begin, path.len - begin);
	w->name[path.len - begin] = '\0';
	const struct level where = innermost(w);
	*ret_error = where.error;
	*ret_name = w->name;
	*ret_folder = where.folder;
	return ASSAY_OK;
}

enum assay_status
walk_path_end(struct walk_path *w, struct assay_error *err)
{
	while (w->depth > 0)
		TRY(leave(w, err));
	return w->left(w->ctx, w->root, "", err);
}
