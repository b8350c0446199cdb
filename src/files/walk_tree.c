/* SPDX-License-Identifier: Apache-2.0 */
#include <base/arena.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>

#include "walk_inside.h"

/* Bytes of names and pointers of one folder. */
#define LISTING_CAP ((size_t)8 << 30)
#define FIRST_ROOM 64u
/* A slash, a name of any file system, a NUL. */
#define NAME_ROOM 1024u

struct tree {
	const struct walk_options *options;
	walk_visit *visit;
	void *ctx;
	uint64_t entries;
	/* With room for a component more, which is then too much. */
	char path[WALK_PATH_MAX + NAME_ROOM];
	char target[WALK_TARGET_MAX + 1];
	struct walk_names
	    names; /* of the folder that is being listed: here, not on the stack of each level */
};

static void
tree_free(struct tree **t)
{
	free(*t);
}

/* The names of one folder, sorted. */
struct listing {
	struct arena *arena;
	const char **names;
	size_t count, room;
};

static void
listing_done(struct listing *l)
{
	free(l->names);
	arena_free(&l->arena);
}

static int
by_name(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;
	return strcmp(*left, *right);
}

static enum assay_status
listing_add(struct listing *l, const char *name, struct assay_error *err)
{
	if (l->count == WALK_FOLDER_MAX)
		return assay_fail(
		    err, ASSAY_E_LIMIT, "more than %u entries in one folder", WALK_FOLDER_MAX);
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? FIRST_ROOM : 2 * l->room;
		const char **names = reallocarray(l->names, room, sizeof(names[0]));
		if (names == NULL)
			return assay_fail(
			    err, ASSAY_E_MEMORY, "no memory left for a folder's names");
		l->names = names;
		l->room = room;
	}
	const char *copy = arena_str(l->arena, name);
	if (copy == NULL)
		return arena_full(err);
	l->names[l->count++] = copy;
	return ASSAY_OK;
}

/* ret_error: an errno when the folder can't be listed. */
static enum assay_status
listing_read(struct listing *l, struct tree *t, const struct walk_folder *folder, int *ret_error,
    struct assay_error *err)
{
	TRY(arena_new(LISTING_CAP, &l->arena));
	walk_names_begin(&t->names, folder);
	for (;;) {
		const char *name = NULL;
		*ret_error = walk_names_next(&t->names, &name);
		if (*ret_error != 0 || name == NULL)
			break;
		TRY(listing_add(l, name, err));
	}
	if (l->count > 1)
		qsort(l->names, l->count, sizeof(l->names[0]), by_name);
	return ASSAY_OK;
}

/* What can be said of an entry without opening it. */
static void
look_at(struct tree *t, struct walk_entry *e)
{
	e->error = walk_look(e->folder, e->name, &e->facts);
	if (e->error == 0 && e->facts.type == WALK_LINK) {
		size_t len = 0;
		e->error = walk_read_link(e->folder, e->name, t->target, &len);
		if (e->error == 0)
			e->target = (struct assay_span){(const unsigned char *)t->target, len};
	}
	if (e->error == 0 && (e->depth > WALK_DEPTH_MAX || e->path.len > WALK_PATH_MAX ||
				 strlen(e->name) > WALK_NAME_MAX))
		e->error = ENAMETOOLONG;
	if (e->error == 0 && t->options->one_device && e->facts.device != e->folder->facts.device)
		e->error = EXDEV;
}

static enum assay_status each_listed(struct tree *t, struct walk_folder *folder,
    const struct listing *l, size_t len, size_t depth, struct assay_error *err);

/* A folder is opened and listed before it is visited, so that the visit can say that it couldn't
 * be. */
static enum assay_status
visit_folder(struct tree *t, struct walk_entry *e, struct assay_error *err)
{
	CLEANUP(walk_drop) struct walk_folder *inner = NULL;
	CLEANUP(listing_done) struct listing l = {0};
	const size_t len = e->path.len, depth = e->depth;
	e->error = walk_open_folder(e->folder, e->name, t->options->one_device, &inner);
	if (inner != NULL) {
		e->facts = inner->facts;
		TRY(listing_read(&l, t, inner, &e->error, err));
	}
	TRY(t->visit(t->ctx, e, err));
	return inner == NULL ? ASSAY_OK : each_listed(t, inner, &l, len, depth, err);
}

/* Appends a component; a path over the room that there is ends in what fits, and its entry is an
 * error by its length. */
static size_t
path_add(struct tree *t, size_t len, const char *name)
{
	const size_t size = strlen(name);
	size_t at = len;
	if (at > 0)
		t->path[at++] = '/';
	const size_t room = sizeof(t->path) - 1 - at;
	const size_t n = size < room ? size : room;
	memcpy(t->path + at, name, n);
	t->path[at + n] = '\0';
	return at + n;
}

static enum assay_status
each_listed(struct tree *t, struct walk_folder *folder, const struct listing *l, size_t len,
    size_t depth, struct assay_error *err)
{
	for (size_t i = 0; i < l->count; i++) {
		if (++t->entries > WALK_ENTRIES_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "more than %llu entries in one tree",
			    (unsigned long long)WALK_ENTRIES_MAX);
		struct walk_entry e = {.name = l->names[i], .folder = folder, .depth = depth + 1};
		e.path = (struct assay_span){
		    (const unsigned char *)t->path, path_add(t, len, l->names[i])};
		look_at(t, &e);
		if (e.error == 0 && e.facts.type == WALK_FOLDER)
			TRY(visit_folder(t, &e, err));
		else
			TRY(t->visit(t->ctx, &e, err));
	}
	return ASSAY_OK;
}

enum assay_status
walk_tree(struct walk_folder *root, const struct walk_options *options, walk_visit *visit,
    void *ctx, struct assay_error *err)
{
	CLEANUP(listing_done) struct listing l = {0};
	CLEANUP(tree_free) struct tree *t = calloc(1, sizeof(*t));
	int error = 0;
	if (t == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a walk");
	t->options = options;
	t->visit = visit;
	t->ctx = ctx;
	if (lseek(root->fd, 0, SEEK_SET) < 0)
		error = errno;
	if (error == 0)
		TRY(listing_read(&l, t, root, &error, err));
	if (error != 0)
		return assay_fail(
		    err, ASSAY_E_SYSTEM, "can't list the folder: %s", text_errno(error));
	return each_listed(t, root, &l, 0, 0, err);
}
