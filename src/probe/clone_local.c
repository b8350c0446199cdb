/* SPDX-License-Identifier: Apache-2.0 */
#include "clone.h"

#include <base/catch.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define LINES_FILE_MAX (8u << 20)
#define HOOKS_MAX 10000

/* NULL with errno. */
static DIR *
open_folder(const char *dir, const char *name)
{
	CLEANUP(close_fd) int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	DIR *d = at < 0 ? NULL : folder_open(at, name, 0);
	const int saved = errno;
	close_fd(&at);
	errno = saved;
	return d;
}

/* What can't be looked at counts as there. */
static bool
is_there(const char *dir, const char *name)
{
	CLEANUP(close_fd) int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	return at < 0 || fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0
	    || (errno != ENOENT && errno != ENOTDIR);
}

static void
look_for_replacements(struct clone_record *rec)
{
	static const char prefix[] = "refs/replace/";
	const struct repository *r = rec->c->repository;
	for (size_t i = 0; i < r->ref_count; i++)
		if (CATCH(replace_ref, strncmp(r->refs[i].name, prefix, sizeof(prefix) - 1) == 0))
			clone_add(rec, "replace", json_pack("{s:o, s:o}", "ref", clone_text(r->refs[i].name), "id",
			    clone_id(rec, &r->refs[i].id)));
}

/* Adds each line of a file of the common folder that isn't empty or a comment. */
static void
look_for_lines(struct clone_record *rec, const char *name, const char *list)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(LINES_FILE_MAX);
	bool found;
	struct assay_error why = { 0 };
	const enum assay_status status
	    = repository_read(rec->c->repository->common_dir, name, &text, &found, &why);
	if (CATCH(lines_unreadable, status != ASSAY_OK)) {
		clone_unread(rec, name, "it can't be read");
		return;
	}
	for (size_t at = 0; found && at < text.len;) {
		const unsigned char *start = text.data + at;
		const unsigned char *end = memchr(start, '\n', text.len - at);
		size_t len = end == NULL ? text.len - at : (size_t)(end - start);
		if (len > 0 && start[0] != '#') {
			CLEANUP(buf_done) struct buf line = BUF_INIT((size_t)4 * LINES_FILE_MAX);
			text_escape(&line, (struct assay_span) { start, len }, false);
			clone_add(rec, list, clone_text(buf_str(&line)));
		}
		at += len + 1;
	}
}

static enum assay_status
look_for_alternates(struct clone_record *rec, struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	TRY(alternates_read(rec->c->repository, &a, err));
	for (size_t i = 0; i < a.written_count; i++)
		clone_add(rec, "alternates", clone_text(a.written[i]));
	if (CATCH(alternates_too_deep, a.too_deep))
		clone_unread(rec, "objects/info/alternates", "it leads through too many folders");
	/* Addresses may hold a password: that there are some is enough. */
	if (CATCH(http_alternates, is_there(rec->c->repository->common_dir, "objects/info/http-alternates")))
		clone_add(rec, "alternates", clone_text("objects/info/http-alternates"));
	return ASSAY_OK;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_active_hook(int folder, const char *name)
{
	struct stat st;
	const size_t len = strlen(name);
	if (len >= 7 && strcmp(name + len - 7, ".sample") == 0)
		return false;
	return fstatat(folder, name, &st, 0) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

static enum assay_status
look_for_hooks(struct clone_record *rec, struct assay_error *err)
{
	CLEANUP(close_folder) DIR *d = open_folder(rec->c->repository->common_dir, "hooks");
	if (d == NULL) {
		if (CATCH(hooks_unreadable, errno != ENOENT && errno != ENOTDIR))
			clone_unread(rec, "hooks", "it is a folder that can't be read");
		return ASSAY_OK;
	}
	const char **names = arena_array(rec->c->arena, HOOKS_MAX, sizeof(names[0]));
	size_t count = 0;
	const struct dirent *e;
	errno = 0;
	while (names != NULL && count < HOOKS_MAX && (e = folder_next(d)) != NULL) {
		if (!is_active_hook(dirfd(d), e->d_name))
			continue;
		names[count] = arena_str(rec->c->arena, e->d_name);
		if (names[count++] == NULL)
			names = NULL;
	}
	if (names == NULL)
		return arena_full(err);
	if (errno != 0 || count == HOOKS_MAX)
		clone_unread(rec, "hooks", "not all of them could be listed");
	if (count > 0)
		qsort(names, count, sizeof(names[0]), compare_names);
	for (size_t i = 0; i < count; i++)
		clone_add(rec, "hooks", clone_text(names[i]));
	return ASSAY_OK;
}

static void
count_worktrees(struct clone_record *rec)
{
	CLEANUP(close_folder) DIR *d = open_folder(rec->c->repository->common_dir, "worktrees");
	json_int_t count = 0;
	const struct dirent *e;
	while (d != NULL && (e = folder_next(d)) != NULL)
		count += e->d_name[0] != '.';
	if (errno != 0 && errno != ENOENT)
		clone_unread(rec, "worktrees", "they could not be counted");
	if (json_object_set_new(rec->root, "worktrees", json_integer(count)) != 0)
		rec->failed = true;
}

static void
look_for_promisors(struct clone_record *rec)
{
	static const char prefix[] = "remote.";
	static const char suffix[] = ".promisor";
	const struct repository *r = rec->c->repository;
	for (size_t i = 0; i < r->config.count; i++) {
		const char *key = r->config.entries[i].key;
		const size_t len = strlen(key);
		if (len <= sizeof(prefix) + sizeof(suffix) - 2 || strncmp(key, prefix, sizeof(prefix) - 1) != 0
		    || strcmp(key + len - (sizeof(suffix) - 1), suffix) != 0)
			continue;
		const size_t name = len - (sizeof(prefix) - 1) - (sizeof(suffix) - 1);
		const char *text = arena_copy(rec->c->arena,
		    (struct assay_span) { (const unsigned char *)key + sizeof(prefix) - 1, name });
		const bool address = text != NULL && (strchr(text, '@') != NULL || strstr(text, "://") != NULL);
		clone_add(rec, "promisors", clone_text(address ? "(address)" : text));
	}
}

static bool
ends_in(const char *name, const char *end)
{
	const size_t len = strlen(name);
	const size_t end_len = strlen(end);
	return len > end_len && strcmp(name + len - end_len, end) == 0;
}

/* A part of the store that is a link to outside of it: somebody else's objects, as those of an alternate are. */
static void
look_for_link(struct clone_record *rec, const char *objects, const char *part)
{
	const struct repository *r = rec->c->repository;
	char path[PATH_TEXT_MAX], own[PATH_TEXT_MAX];
	if ((size_t)snprintf(path, sizeof(path), "%s%s", objects, part) >= sizeof(path)
	    || (size_t)snprintf(own, sizeof(own), "%s/objects", r->common_dir) >= sizeof(own))
		return;
	CLEANUP(free_text) char *real = realpath(path, NULL);
	const size_t len = strlen(own);
	const bool outside = real != NULL
	    && (strncmp(real, own, len) != 0 || (real[len] != '\0' && real[len] != '/'));
	if (CATCH(linked_store, outside))
		clone_add(rec, "alternates", clone_text(arena_printf(rec->c->arena, "objects%s, a link", part)));
}

struct store_part {
	const char *objects;
	const char *name;  /* "pack", or two digits */
	const char *shown; /* "objects" or "alternate" */
	bool own;
	char what[PATH_TEXT_MAX];
};

static void
look_at_entry(struct clone_record *rec, DIR *d, const struct dirent *e, struct store_part *p)
{
	const bool pack = ends_in(e->d_name, ".pack") || ends_in(e->d_name, ".idx");
	struct stat st;
	if (pack) {
		text_put(p->what, sizeof(p->what), "%s/pack/%s", p->shown, e->d_name);
		/* Git passes over packs that it can't open. */
		if (CATCH(pack_unreadable, faccessat(dirfd(d), e->d_name, R_OK, AT_EACCESS) != 0))
			clone_unread(rec, p->what, "it can't be read");
	}
	const bool may_be_link = e->d_type == DT_LNK || e->d_type == DT_UNKNOWN;
	if (!p->own || !may_be_link || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0
	    || !S_ISLNK(st.st_mode))
		return;
	text_put(p->what, sizeof(p->what), "/%s/%s", p->name, e->d_name);
	look_for_link(rec, p->objects, p->what);
}

/* A folder of objects that git passes over if it may not read it, and what lies in it. */
static void
look_at_part(struct clone_record *rec, struct store_part *p)
{
	CLEANUP(close_folder) DIR *d = open_folder(p->objects, p->name);
	if (d == NULL) {
		const bool there = errno != ENOENT;
		text_put(p->what, sizeof(p->what), "%s/%s", p->shown, p->name);
		if (CATCH(objects_unreadable, there))
			clone_unread(rec, p->what, "it is a folder that can't be read");
		return;
	}
	if (p->own) {
		text_put(p->what, sizeof(p->what), "/%s", p->name);
		look_for_link(rec, p->objects, p->what);
	}
	const struct dirent *e;
	while ((e = folder_next(d)) != NULL)
		look_at_entry(rec, d, e, p);
	text_put(p->what, sizeof(p->what), "%s/%s", p->shown, p->name);
	if (errno != 0)
		clone_unread(rec, p->what, "not all of it could be listed");
}

static void
look_at_objects(struct clone_record *rec, const char *objects, bool own)
{
	char name[8] = "pack";
	struct store_part p = { .objects = objects, .name = name, .own = own,
		.shown = own ? "objects" : "alternate" };
	if (own)
		look_for_link(rec, objects, "");
	look_at_part(rec, &p);
	for (unsigned i = 0; i < 256; i++) {
		text_put(name, sizeof(name), "%02x", i);
		look_at_part(rec, &p);
	}
}

static enum assay_status
look_at_stores(struct clone_record *rec, struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	TRY(alternates_read(rec->c->repository, &a, err));
	for (size_t i = 0; i < a.count; i++)
		look_at_objects(rec, a.folders[i], i == 0);
	return ASSAY_OK;
}

static void
look_at_rest(struct clone_record *rec)
{
	const struct repository *r = rec->c->repository;
	const bool graph = is_there(r->common_dir, "objects/info/commit-graph")
	    || is_there(r->common_dir, "objects/info/commit-graphs/commit-graph-chain");
	if (json_object_set_new(rec->root, "commit-graph", json_boolean(graph)) != 0
	    || json_object_set_new(rec->root, "partial", json_boolean(probe_is_partial_clone(r))) != 0)
		rec->failed = true;
	for (size_t i = 0; i < r->shallow_count; i++)
		if (i == 0 || oid_compare(&r->shallow[i - 1], &r->shallow[i]) != 0)
			clone_add(rec, "shallow", clone_id(rec, &r->shallow[i]));
	for (size_t i = 0; CATCH(clone_refs, r->problem_count > 0) && i < r->problem_count; i++)
		clone_unread(rec, r->problems[i].what, r->problems[i].why);
	clone_count_more(rec, "unread", r->problem_total - r->problem_count);
	const char *words = object_reader_complaints(rec->s->reader);
	while (CATCH(clone_complaints, *words != '\0')) {
		const char *end = strchr(words, '\n');
		const size_t len = end == NULL ? strlen(words) : (size_t)(end - words);
		const char *line = arena_copy(rec->c->arena,
		    (struct assay_span) { (const unsigned char *)words, len });
		const char *why = line == NULL ? NULL : arena_printf(rec->c->arena, "git says '%s'", line);
		clone_unread(rec, "objects", why);
		words += len + (end == NULL ? 0 : 1);
	}
}

enum assay_status
clone_local(struct clone_record *rec, struct assay_error *err)
{
	look_for_replacements(rec);
	look_for_lines(rec, "info/grafts", "grafts");
	TRY(look_for_alternates(rec, err));
	TRY(look_for_hooks(rec, err));
	count_worktrees(rec);
	look_for_promisors(rec);
	TRY(look_at_stores(rec, err));
	look_at_rest(rec);
	return ASSAY_OK;
}
