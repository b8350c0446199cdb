/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a folder of the tree has and the list hasn't. Folders are counted first: only one that has too many entries is gone through with
 * its part of the list.
 */
#include "tree.h"

#include <base/catch.h>
#include <base/text.h>

struct naming {
	struct walkthrough *t;
	struct assay_span folder;
	uint64_t offset;
	struct list_reader list, *open;
	uint64_t named;
};

static enum assay_status
begin_again(void *ctx, struct assay_error *err)
{
	struct naming *n = ctx;
	if (n->open != NULL)
		list_reader_done(&n->open);
	n->list = (struct list_reader){ .fd = n->t->w->manifest, .manifest = n->t->w->reader + 1 };
	n->open = &n->list;
	return list_reader_begin_at(n->open, n->offset, n->folder, err);
}

/* The name of an entry that lies in the folder itself; data NULL for one that lies deeper; false in *ret_below behind its last. */
static struct assay_span
name_in(struct assay_span folder, struct assay_span path, bool *ret_below)
{
	const size_t skip = folder.len == 0 ? 0 : folder.len + 1;
	*ret_below = path.len > skip && (skip == 0 || (memcmp(path.data, folder.data, folder.len) == 0 && path.data[folder.len] == '/'));
	if (!*ret_below || memchr(path.data + skip, '/', path.len - skip) != NULL)
		return (struct assay_span){ NULL, 0 };
	return (struct assay_span){ path.data + skip, path.len - skip };
}

static enum assay_status
next_name(void *ctx, struct assay_span *ret_name, struct assay_error *err)
{
	struct naming *n = ctx;
	bool is = true, below = true;
	*ret_name = (struct assay_span){ NULL, 0 };
	while (ret_name->data == NULL && below) {
		struct assay_manifest_entry entry = { 0 };
		const uint64_t before = n->list.at;
		TRY(list_reader_next(&n->list, &is, &entry, err));
		n->t->rescanned += n->list.at - before;
		if (!is)
			break;
		*ret_name = name_in(n->folder, entry.path, &below);
	}
	return ASSAY_OK;
}

static enum assay_status
extra(void *ctx, const char *name, struct assay_error *err)
{
	struct naming *n = ctx;
	CLEANUP(buf_done) struct buf path = BUF_INIT((size_t)2 * WALK_PATH_MAX);
	if (n->folder.len == 0 && n->t->w->seal_inside && strcmp(name, VERIFY_SEAL_INSIDE) == 0)
		return ASSAY_OK;
	buf_add_span(&path, n->folder);
	if (n->folder.len > 0)
		buf_add_byte(&path, '/');
	buf_add_str(&path, name);
	TRY(buf_status(&path, "a path", err));
	verify_find_entry(n->t->w->r, ASSAY_RELEASE_EXTRA, buf_span(&path), "it wasn't sealed");
	n->named++;
	return ASSAY_OK;
}

static enum assay_status
name_all(struct walkthrough *t, struct walk_folder *folder, struct assay_span path, uint64_t offset, uint64_t surplus,
    struct assay_error *err)
{
	struct naming n = { .t = t, .folder = path, .offset = offset };
	const struct walk_list list = { .ctx = &n, .rewind = begin_again, .next = next_name, .extra = extra };
	struct assay_error why = { 0 };
	const enum assay_status status = walk_extras(folder, &list, &why);
	if (n.open != NULL)
		list_reader_done(&n.open);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL)
		return assay_fail(err, status, "%s", why.what);
	/* Folder or list changed since they were counted. */
	if (status != ASSAY_OK || n.named == 0)
		verify_find_entry(t->w->r, ASSAY_RELEASE_EXTRA, path, "%" PRIu64 " entries in it weren't sealed, and could not be named", surplus);
	return ASSAY_OK;
}

enum assay_status
tree_counted(struct walkthrough *t, const struct hash_result *x, const struct expected *e, struct assay_span path,
    struct assay_error *err)
{
	const uint64_t own = path.len == 0 && t->w->seal_inside ? 1 : 0;
	if (CATCH(verify_folder_unlisted, x->outcome != HASH_DONE || x->folder == NULL)) {
		verify_find_entry(t->w->r, ASSAY_RELEASE_UNREADABLE, path, "it can't be listed: %s",
		    x->error != 0 ? text_errno(x->error) : "nobody came to it");
		return ASSAY_OK;
	}
	const uint64_t listed = x->folder->expected - x->folder->missing + own;
	if (CATCH(verify_folder_while_read, x->entries < listed))
		verify_find_entry(t->w->r, ASSAY_RELEASE_WHILE_READ, path, "entries of this folder went away while it was looked at");
	if (!CATCH(verify_extra, x->entries > listed))
		return ASSAY_OK;
	if (t->rescanned < RESCAN_MAX)
		return name_all(t, x->folder, path, e->from, x->entries - listed, err);
	verify_find_entry(t->w->r, ASSAY_RELEASE_EXTRA, path, "%" PRIu64 " entries in it weren't sealed", x->entries - listed);
	return ASSAY_OK;
}
