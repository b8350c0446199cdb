/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Git reads a packed object and passes over a loose copy of it, which another reader may prefer: where both may
 * be, all loose ones are read once more by themselves.
 */
#include "internal.h"
#include "object_dir.h"
#include "store.h"

#include <base/catch.h>
#include <base/folder.h>
#include <errno.h>
#include <fcntl.h>

struct loose {
	struct store *s;
	struct object_listed *items;
	size_t count, room;
};

static void
loose_done(struct loose *l)
{
	free(l->items);
}

static enum assay_status
add_loose(void *ctx, const struct object_listed *object, struct assay_error *err)
{
	struct loose *l = ctx;
	if (l->count >= REPOSITORY_OBJECTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the repository has more than %d loose objects",
		    REPOSITORY_OBJECTS_MAX);
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 256 : l->room * 2;
		struct object_listed *more = reallocarray(l->items, room, sizeof(*more));
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of loose objects");
		l->items = more;
		l->room = room;
	}
	l->items[l->count++] = *object;
	return ASSAY_OK;
}

static void
name_loose(void *ctx, size_t i, struct buf *out)
{
	const struct loose *l = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&l->items[i].id, l->s->c->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_loose(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct loose *l = ctx;
	(void)err;
	struct id_pair item = { .id = l->items[i].id, .type = got->present ? got->type : GIT_BLOB };
	if (got->over_cap) {
		id_list_add(&l->s->over_cap, &item);
		return ASSAY_OK;
	}
	const bool hashed = got->present
	    && git_hash(l->s->c->repository->algo, got->type, got->bytes, &item.other, NULL) == ASSAY_OK;
	if (CATCH(loose_altered, !hashed || oid_compare(&item.other, &item.id) != 0))
		id_list_add(&l->s->altered, &item);
	return ASSAY_OK;
}

static enum assay_status
read_loose(struct store *s, size_t folder, struct assay_error *err)
{
	CLEANUP(object_reader_free) struct object_reader *reader = NULL;
	CLEANUP(loose_done) struct loose l = { .s = s };
	TRY(object_reader_new_loose(s->c->repository, folder, &reader, err));
	TRY(object_reader_list(reader, add_loose, &l, err));
	const struct object_wanted wanted = { .count = l.count, .cap = STORE_BLOB_MAX,
		.name = name_loose, .got = got_loose, .ctx = &l };
	return object_reader_each(reader, &wanted, err);
}

/* True unless the folder is sure to hold no pack. */
static bool
has_pack(const char *objects)
{
	CLEANUP(close_fd) int at = open(objects, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(close_folder) DIR *d = folder_open(at, "pack", 0);
	if (d == NULL)
		return errno != ENOENT;
	const struct dirent *e;
	while ((e = folder_next(d)) != NULL)
		if (strstr(e->d_name, ".idx") != NULL)
			return true;
	return errno != 0;
}

enum assay_status
store_read_loose(struct store *s, struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	TRY(alternates_read(s->c->repository, &a, err));
	bool copies = a.count > 1;
	for (size_t i = 0; i < a.count; i++)
		copies = copies || has_pack(a.folders[i]);
	for (size_t i = 0; copies && i < a.count; i++)
		TRY(read_loose(s, i, err));
	if (s->altered.failed || s->over_cap.failed)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of altered objects");
	id_list_settle(&s->altered);
	id_list_settle(&s->over_cap);
	return ASSAY_OK;
}
