/* SPDX-License-Identifier: Apache-2.0 */
#include "clone.h"

#include <base/catch.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define LINES_FILE_MAX (8u << 20)
#define HOOKS_MAX 10000

static void
close_folder(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

static DIR *
open_folder(const char *dir, const char *name)
{
	CLEANUP(close_fd) int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = at < 0 ? -1 : openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (d == NULL) {
		const int saved = errno;
		close_fd(&fd);
		errno = saved;
	}
	return d;
}

static bool
is_there(const char *dir, const char *name)
{
	CLEANUP(close_fd) int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	return at >= 0 && fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
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
	if (repository_read(rec->c->repository->common_dir, name, &text, &found, &why) != ASSAY_OK) {
		clone_unread(rec, name, "it can't be read");
		return;
	}
	for (size_t at = 0; found && at < text.len;) {
		const unsigned char *start = text.data + at;
		const unsigned char *end = memchr(start, '\n', text.len - at);
		size_t len = end == NULL ? text.len - at : (size_t)(end - start);
		if (len > 0 && start[0] != '#') {
			CLEANUP(buf_done) struct buf line = BUF_INIT(4 * LINES_FILE_MAX);
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
		if (errno != ENOENT && errno != ENOTDIR)
			clone_unread(rec, "hooks", "it is a folder that can't be read");
		return ASSAY_OK;
	}
	const char **names = arena_array(rec->c->arena, HOOKS_MAX, sizeof(names[0]));
	size_t count = 0;
	struct dirent *e;
	while (names != NULL && count < HOOKS_MAX && (e = readdir(d)) != NULL) {
		if (!is_active_hook(dirfd(d), e->d_name))
			continue;
		names[count] = arena_str(rec->c->arena, e->d_name);
		if (names[count++] == NULL)
			names = NULL;
	}
	if (names == NULL)
		return arena_full(err);
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
	struct dirent *e;
	while (d != NULL && (e = readdir(d)) != NULL)
		count += e->d_name[0] != '.';
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

/* Git passes over packs that it can't open. */
static void
look_at_packs(struct clone_record *rec, const char *objects, const char *shown)
{
	CLEANUP(close_folder) DIR *d = open_folder(objects, "pack");
	struct dirent *e;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (!ends_in(e->d_name, ".pack") && !ends_in(e->d_name, ".idx"))
			continue;
		char what[512];
		snprintf(what, sizeof(what), "%s/pack/%s", shown, e->d_name);
		if (CATCH(pack_unreadable, faccessat(dirfd(d), e->d_name, R_OK, AT_EACCESS) != 0))
			clone_unread(rec, what, "it can't be read");
	}
}

/* Folders of objects that git passes over because it may not read them. */
static void
look_at_objects(struct clone_record *rec, const char *objects, const char *shown)
{
	char name[8];
	char what[64];
	for (int i = -1; i < 256; i++) {
		if (i < 0)
			snprintf(name, sizeof(name), "pack");
		else
			snprintf(name, sizeof(name), "%02x", (unsigned)i);
		errno = 0;
		CLEANUP(close_folder) DIR *d = open_folder(objects, name);
		snprintf(what, sizeof(what), "%s/%s", shown, name);
		if (CATCH(objects_unreadable, d == NULL && errno != ENOENT))
			clone_unread(rec, what, "it is a folder that can't be read");
	}
	look_at_packs(rec, objects, shown);
}

static enum assay_status
look_at_stores(struct clone_record *rec, struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	TRY(alternates_read(rec->c->repository, &a, err));
	for (size_t i = 0; i < a.count; i++)
		look_at_objects(rec, a.folders[i], i == 0 ? "objects" : "alternate");
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
	for (size_t i = 0; i < r->problem_count; i++)
		clone_unread(rec, r->problems[i].what, r->problems[i].why);
	clone_count_more(rec, "unread", r->problem_total - r->problem_count);
	const char *words = object_reader_complaints(rec->s->reader);
	while (*words != '\0') {
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
