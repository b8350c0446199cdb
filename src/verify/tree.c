/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree by its manifest: each entry of the list is looked at where the list leads, and whatever a folder has more than the list is
 * named. Memory doesn't grow with the tree: the list is read piece by piece, what is expected travels with each job, and a folder with too
 * many entries is gone through with the part of the list that is about it.
 */
#include "tree.h"

#include <base/catch.h>
#include <base/text.h>
#include <errno.h>

/* ---- what came back ---- */

static struct assay_span
path_of(const struct hash_result *result)
{
	return (struct assay_span){ result->note.data + sizeof(struct expected), result->note.len - sizeof(struct expected) };
}

static bool
is_of_another_size(struct verify_result *r, uint64_t size, const struct expected *e, struct assay_span path)
{
	if (!CATCH(verify_size, size != e->size))
		return false;
	verify_find_entry(r, ASSAY_RELEASE_SIZE, path, "it has %" PRIu64 " bytes, and was sealed with %" PRIu64, size, e->size);
	return true;
}

/* Why it could not be looked at; true when that settles it. */
static bool
not_seen(struct walkthrough *t, const struct hash_result *result, const struct expected *e, struct assay_span path)
{
	struct verify_result *r = t->w->r;
	const enum hash_outcome o = result->outcome;
	if (CATCH(verify_missing, o == HASH_MISSING))
		verify_find_entry(r, ASSAY_RELEASE_MISSING, path, "it was sealed and isn't there");
	if (CATCH(verify_while_read, o == HASH_CHANGED))
		verify_find_entry(r, ASSAY_RELEASE_WHILE_READ, path, "somebody writes to it");
	if (CATCH(verify_other_type, o == HASH_OTHER_TYPE))
		verify_find_entry(r, ASSAY_RELEASE_TYPE, path, "it is a %s, and was sealed as a %s", walk_type_name(result->facts.type),
		    walk_type_name(e->type));
	/* Nobody reads gigabytes to learn that. */
	if (o == HASH_TOO_LONG)
		(void)is_of_another_size(r, result->facts.size, e, path);
	/* Whatever else may come to be an outcome. */
	if (CATCH(verify_unreadable,
		o != HASH_DONE && o != HASH_MISSING && o != HASH_CHANGED && o != HASH_OTHER_TYPE && o != HASH_TOO_LONG))
		verify_find_entry(r, ASSAY_RELEASE_UNREADABLE, path, "it can't be read: %s",
		    result->error != 0 ? text_errno(result->error) : "nobody came to it");
	return o != HASH_DONE;
}

/* Of the digests that were computed, those that are the sealed ones. */
static unsigned
right_of(const struct walkthrough *t, const struct hash_result *x, const struct expected *e)
{
	const unsigned sha256 = memcmp(x->sha256, e->sha256, sizeof e->sha256) == 0 ? HASH_SHA256 : 0;
	const unsigned verity = memcmp(x->verity, e->verity, sizeof e->verity) == 0 ? HASH_VERITY : 0;
	return (sha256 | verity) & t->want;
}

/* Nobody looked again at a small file after it was read: hash_options.known. */
static void
is_changed(struct verify_result *r, const struct hash_result *x, struct assay_span path)
{
	struct walk_facts now;
	if (walk_look(x->folder, x->name, &now) == 0 && !walk_same(&x->facts, &now))
		verify_find_entry(r, ASSAY_RELEASE_WHILE_READ, path, "somebody writes to it");
	else
		verify_find_entry(r, ASSAY_RELEASE_CHANGED, path, "its content isn't what was sealed");
}

static void
check_file(struct walkthrough *t, const struct hash_result *x, const struct expected *e, struct assay_span path)
{
	struct verify_result *r = t->w->r;
	const unsigned right = right_of(t, x, e);
	if (CATCH(verify_capabilities, !t->lone
		&& (x->facts.capabilities_len != e->caps_len || memcmp(x->facts.capabilities, e->caps, e->caps_len) != 0)))
		verify_find_entry(r, ASSAY_RELEASE_CAPABILITIES, path, "its capabilities aren't those that were sealed");
	const bool resized = is_of_another_size(r, x->bytes, e, path);
	if (CATCH(verify_changed, x->bytes == e->size && right == 0))
		is_changed(r, x, path);
	else if (CATCH(verify_digests, !resized && right != t->want))
		verify_find_entry(r, ASSAY_RELEASE_DIGESTS, path, "its %s digest is the sealed one, and its %s digest isn't",
		    right == HASH_SHA256 ? "SHA-256" : "fs-verity", right == HASH_SHA256 ? "fs-verity" : "SHA-256");
	r->checked.files++;
	r->checked.bytes += x->bytes;
}

static void
check_link(struct walkthrough *t, const struct hash_result *x, const struct expected *e, struct assay_span path)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	/* Targets travel as their digests: two of them don't fit a short note. */
	if (CATCH(verify_link,
		x->target.len != e->size || assay_sha256(x->target, digest) != ASSAY_OK || memcmp(digest, e->sha256, sizeof digest) != 0))
		verify_find_entry(t->w->r, ASSAY_RELEASE_LINK, path, "it leads elsewhere than the sealed one");
	t->w->r->checked.links++;
}

static void
check_folder(struct walkthrough *t, const struct hash_result *x)
{
	if (x->facts.device != t->w->tree->facts.device)
		t->w->r->mounts++;
	t->w->r->checked.folders++;
}

static enum assay_status
came_back(void *ctx, const struct hash_result *result, struct assay_error *err)
{
	struct walkthrough *t = ctx;
	struct expected e;
	if (result->note.len < sizeof e)
		return assay_fail(err, ASSAY_E_INTERNAL, "a result came back without what was expected");
	memcpy(&e, result->note.data, sizeof e);
	const struct assay_span path = path_of(result);
	if (e.counts)
		return tree_counted(t, result, &e, path, err);
	t->done++;
	if (t->w->q->progress != NULL && (t->done & 1023) == 0)
		t->w->q->progress(t->w->q->progress_ctx, t->done, t->w->entries);
	if (not_seen(t, result, &e, path))
		return ASSAY_OK;
	if (CATCH(verify_type, result->facts.type != e.type)) {
		verify_find_entry(t->w->r, ASSAY_RELEASE_TYPE, path, "it is a %s, and was sealed as a %s",
		    walk_type_name(result->facts.type), walk_type_name(e.type));
		return ASSAY_OK;
	}
	if (CATCH(verify_mode, e.type != WALK_LINK && !t->lone && result->facts.mode != e.mode))
		verify_find_entry(t->w->r, ASSAY_RELEASE_MODE, path, "its mode is %04o, and was sealed as %04o", (unsigned)result->facts.mode,
		    (unsigned)e.mode);
	if (e.type == WALK_FILE)
		check_file(t, result, &e, path);
	else if (e.type == WALK_LINK)
		check_link(t, result, &e, path);
	else
		check_folder(t, result);
	return ASSAY_OK;
}

/* ---- where the list leads ---- */

static enum assay_status
note_of(struct walkthrough *t, const struct expected *e, struct assay_span path, struct assay_span *ret_note, struct assay_error *err)
{
	if (path.len > sizeof t->note - sizeof *e)
		return assay_fail(err, ASSAY_E_INTERNAL, "a path is longer than a manifest has");
	memcpy(t->note, e, sizeof *e);
	memcpy(t->note + sizeof *e, path.data, path.len);
	*ret_note = (struct assay_span){ t->note, sizeof *e + path.len };
	return ASSAY_OK;
}

/* All entries of a folder are expected back before their number is asked. */
static enum assay_status
count(struct walkthrough *t, struct walk_folder *folder, const char *path, uint64_t from, struct assay_error *err)
{
	const struct expected e = { .counts = true, .type = WALK_FOLDER, .from = from };
	struct assay_span note;
	TRY(note_of(t, &e, assay_span_str(path), &note, err));
	return hasher_count(t->hasher, folder, note, err);
}

static enum assay_status
left(void *ctx, struct walk_folder *folder, const char *path, struct assay_error *err)
{
	struct walkthrough *t = ctx;
	size_t depth = path[0] == '\0' ? 0 : 1;
	for (const char *c = path; *c != '\0'; c++)
		depth += *c == '/' ? 1 : 0;
	return count(t, folder, path, t->from[depth], err);
}

/* A folder that the list leaves without having entered it: it has to be empty. */
static enum assay_status
leave_empty(struct walkthrough *t, struct assay_error *err)
{
	CLEANUP(walk_drop) struct walk_folder *folder = NULL;
	if (t->last_folder == NULL)
		return ASSAY_OK;
	const char *slash = strrchr(t->last_path, '/');
	const int error = walk_open_folder(t->last_folder, slash == NULL ? t->last_path : slash + 1, false, &folder);
	walk_drop(&t->last_folder);
	t->last_folder = NULL;
	if (error == 0)
		return count(t, folder, t->last_path, t->last_from, err);
	/* That it is missing or no folder is told where it was looked at. */
	if (CATCH(verify_empty_closed, error != ENOENT && error != ENOTDIR && error != ELOOP))
		verify_find_entry(t->w->r, ASSAY_RELEASE_UNREADABLE, assay_span_str(t->last_path), "it can't be entered: %s",
		    text_errno(error));
	return ASSAY_OK;
}

static bool
is_below(const char *folder, struct assay_span path)
{
	const size_t len = strlen(folder);
	return path.len > len && memcmp(path.data, folder, len) == 0 && path.data[len] == '/';
}

/* What lies in a folder that can't be entered shares its fate. */
static void
not_entered(struct walkthrough *t, struct assay_span path, int error)
{
	const bool gone = error == ENOENT || error == ENOTDIR || error == ELOOP;
	t->done++;
	if (CATCH(verify_folder_gone, gone))
		verify_find_entry(t->w->r, ASSAY_RELEASE_MISSING, path, "it was sealed, and the folder that held it isn't there");
	if (CATCH(verify_folder_closed, !gone))
		verify_find_entry(t->w->r, ASSAY_RELEASE_UNREADABLE, path, "the folder that holds it can't be entered: %s", text_errno(error));
}

static enum assay_status
expect(const struct assay_manifest_entry *entry, struct expected *e, struct assay_error *err)
{
	static const enum walk_type types[] = {
		[ASSAY_ENTRY_FOLDER] = WALK_FOLDER, [ASSAY_ENTRY_FILE] = WALK_FILE, [ASSAY_ENTRY_LINK] = WALK_LINK
	};
	*e = (struct expected){ .type = types[entry->type], .mode = entry->mode, .size = entry->size, .caps_len = entry->caps_len };
	if (entry->type == ASSAY_ENTRY_LINK) {
		e->size = entry->target.len;
		if (assay_sha256(entry->target, e->sha256) != ASSAY_OK)
			return assay_fail(err, ASSAY_E_INTERNAL, "the target of a link can't be hashed");
		return ASSAY_OK;
	}
	memcpy(e->sha256, entry->sha256, sizeof e->sha256);
	memcpy(e->verity, entry->verity, sizeof e->verity);
	memcpy(e->caps, entry->caps, sizeof e->caps);
	return ASSAY_OK;
}

/* Remembers a folder until it is known whether the list has anything in it. */
static void
remember(struct walkthrough *t, struct walk_folder *folder, struct assay_span path, uint64_t from)
{
	size_t depth = 1;
	memcpy(t->last_path, path.data, path.len);
	t->last_path[path.len] = '\0';
	t->last_folder = walk_keep(folder);
	t->last_from = from;
	for (size_t i = 0; i < path.len; i++)
		depth += path.data[i] == '/' ? 1 : 0;
	t->from[depth] = from;
}

static enum assay_status
tree_entry(struct walkthrough *t, const struct assay_manifest_entry *entry, uint64_t end, struct assay_error *err)
{
	struct walk_folder *folder = NULL;
	const char *name = NULL;
	struct expected e;
	struct assay_span note;
	int error = 0;
	if (t->last_folder != NULL && is_below(t->last_path, entry->path))
		walk_drop(&t->last_folder);
	TRY(leave_empty(t, err));
	TRY(walk_path_to(t->path, entry->path, &folder, &name, &error, err));
	if (error != 0) {
		not_entered(t, entry->path, error);
		return ASSAY_OK;
	}
	TRY(expect(entry, &e, err));
	TRY(note_of(t, &e, entry->path, &note, err));
	if (entry->type == ASSAY_ENTRY_FILE)
		return hasher_file(t->hasher, folder, name, entry->size, note, err);
	if (entry->type == ASSAY_ENTRY_FOLDER)
		remember(t, folder, entry->path, end);
	return hasher_look(t->hasher, folder, name, note, err);
}

/* ---- from beginning to end ---- */

static void
walkthrough_done(struct walkthrough *t)
{
	hasher_free(&t->hasher);
	walk_path_free(&t->path);
	if (t->last_folder != NULL)
		walk_drop(&t->last_folder);
}

/* The next entry. It was of the form a moment ago. */
static enum assay_status
next_entry(struct walkthrough *t, struct list_reader *list, bool *ret_is, struct assay_manifest_entry *ret_entry, struct assay_error *err)
{
	struct assay_error why = { 0 };
	const enum assay_status status = list_reader_next(list, ret_is, ret_entry, &why);
	if (status == ASSAY_OK)
		return ASSAY_OK;
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL)
		return assay_fail(err, status, "%s", why.what);
	verify_find(t->w->r, ASSAY_RELEASE_WHILE_READ, "manifest", "%s", why.what);
	t->broken = true;
	*ret_is = false;
	return ASSAY_OK;
}

/* At the end of the list: what was used is what was signed. */
static enum assay_status
complete_list(struct walkthrough *t, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (t->broken)
		return ASSAY_OK;
	TRY(hash_stream_end(t->w->stream, digest, err));
	if (CATCH(verify_list_while_used, memcmp(digest, t->w->manifest_sha256, sizeof digest) != 0))
		verify_find(t->w->r, ASSAY_RELEASE_WHILE_READ, "manifest", "it was changed while it was used");
	else
		t->complete = true;
	return ASSAY_OK;
}

/* The list once more, and its digest with it. */
static enum assay_status
go_through(struct walkthrough *t, struct assay_error *err)
{
	struct list_reader list = { .fd = t->w->manifest, .manifest = t->w->reader };
	struct assay_manifest_entry entry;
	bool is = false;
	CLEANUP(list_reader_done) struct list_reader *own = &list;
	TRY(list_reader_begin(own, t->w->stream, err));
	do {
		TRY(next_entry(t, own, &is, &entry, err));
		if (is)
			TRY(tree_entry(t, &entry, own->at, err));
	} while (is);
	return complete_list(t, err);
}

/* A file by itself is the only line of its manifest; beside it may lie what likes to. */
static enum assay_status
go_to_lone(struct walkthrough *t, struct assay_error *err)
{
	struct list_reader list = { .fd = t->w->manifest, .manifest = t->w->reader };
	struct assay_manifest_entry entry = { 0 };
	struct expected e;
	struct assay_span note;
	bool is = false;
	CLEANUP(list_reader_done) struct list_reader *own = &list;
	TRY(list_reader_begin(own, t->w->stream, err));
	TRY(next_entry(t, own, &is, &entry, err));
	if (t->broken)
		return ASSAY_OK;
	if (CATCH(verify_lone_type, !is || t->w->entries != 1 || entry.type != ASSAY_ENTRY_FILE)) {
		verify_find(t->w->r, ASSAY_RELEASE_TYPE, NULL, "the seal is of a folder, and '%s' is a file", t->w->lone);
		return ASSAY_OK;
	}
	if (CATCH(verify_lone_name, !assay_span_equal(entry.path, assay_span_str(t->w->lone)))) {
		verify_find_entry(t->w->r, ASSAY_RELEASE_MISSING, entry.path, "it was sealed under this name, and '%s' isn't it", t->w->lone);
		return ASSAY_OK;
	}
	TRY(expect(&entry, &e, err));
	TRY(note_of(t, &e, entry.path, &note, err));
	while (is)
		TRY(next_entry(t, own, &is, &entry, err));
	TRY(complete_list(t, err));
	return t->complete ? hasher_file(t->hasher, t->w->tree, t->w->lone, e.size, note, err) : ASSAY_OK;
}

/*
 * That the two digests of each entry are of one content is a matter of the manifest alone: who saw it of this very manifest needn't
 * compute both again.
 */
static bool
agreed_before(const struct work *w)
{
	return w->state.pinned && w->state.has_agreed
	    && !CATCH(verify_agreed_other, memcmp(w->state.agreed, w->manifest_sha256, sizeof w->manifest_sha256) != 0);
}

enum assay_status
tree_check(struct work *w, struct assay_error *err)
{
	const bool agreed = agreed_before(w);
	CLEANUP(walkthrough_done) struct walkthrough t = { .w = w, .lone = w->lone[0] != '\0',
		.want = agreed ? HASH_SHA256 : HASH_SHA256 | HASH_VERITY, .from = { sizeof ASSAY_MANIFEST_FIRST_LINE - 1 } };
	const struct hash_options options = { .want = t.want, .threads = w->q->threads, .bounded = true, .known = true };
	const struct walk_options across = { .one_device = false };
	w->r->digests = agreed ? VERIFY_DIGESTS_SHA256 : VERIFY_DIGESTS_BOTH;
	TRY(hasher_new(&options, came_back, &t, &t.hasher, err));
	if (!t.lone) {
		TRY(walk_path_new(w->tree, &across, left, &t, &t.path, err));
		TRY(go_through(&t, err));
		TRY(leave_empty(&t, err));
		if (t.complete)
			TRY(walk_path_end(t.path, err));
	} else {
		TRY(go_to_lone(&t, err));
	}
	TRY(hasher_finish(t.hasher, err));
	/* Each entry has come back, in whatever way. */
	w->r->tree_read = t.complete && t.done == w->entries;
	return ASSAY_OK;
}
