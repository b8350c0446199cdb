/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks on the tree. What is altered is set aside first and put back afterwards, so that the tree is copied once.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* cap_net_raw, permitted and effective: version 2 of the attribute. */
static const unsigned char a_capability[20] = { 1, 0, 0, 2, 0, 0x20 };

static enum assay_status
lacks(const char *what, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_NOT_FOUND, "%s", what);
}

static void
full(const struct drill_work *w, const char *path, char ret[PATH_SIZE])
{
	text_put(ret, PATH_SIZE, "%s/%s", w->base, path);
}

/* The folder that holds a path takes changes from its owner for as long as they last. */
static unsigned
unlock(const char *path)
{
	char folder[PATH_SIZE];
	struct stat st;
	text_put(folder, sizeof folder, "%s", path);
	*strrchr(folder, '/') = '\0';
	if (stat(folder, &st) != 0)
		return 0700;
	(void)chmod(folder, (st.st_mode & 07777) | 0700);
	return st.st_mode & 07777;
}

static void
lock(const char *path, unsigned mode)
{
	char folder[PATH_SIZE];
	text_put(folder, sizeof folder, "%s", path);
	*strrchr(folder, '/') = '\0';
	(void)chmod(folder, mode);
}

static void
aside(const struct drill_work *w, size_t at, char ret[PATH_SIZE])
{
	text_put(ret, PATH_SIZE, "%s/%zu", w->aside, at);
}

/* Notes that something will be at path that wasn't. */
static enum assay_status
note(struct drill_work *w, const char *path, struct assay_error *err)
{
	if (w->undo_count == UNDO_MAX)
		return assay_fail(err, ASSAY_E_INTERNAL, "an attack changes too much");
	w->undo[w->undo_count] = (struct undo){ .path = arena_str(w->arena, path) };
	if (w->undo[w->undo_count++].path == NULL)
		return arena_full(err);
	return ASSAY_OK;
}

/* Renames it. A folder goes to another one only when its owner may write in it, and comes there with the mode that it had. */
static bool
move(const char *from, const char *to)
{
	struct stat st;
	if (lstat(from, &st) != 0)
		return false;
	const bool locked = S_ISDIR(st.st_mode) && (st.st_mode & S_IWUSR) == 0;
	if (locked && chmod(from, (st.st_mode & 07777) | S_IWUSR) != 0)
		return false;
	const bool moved = rename(from, to) == 0;
	const bool restored = !locked || chmod(moved ? to : from, st.st_mode & 07777) == 0;
	return moved && restored;
}

/* Sets aside what lies at path. What can't be set aside is left where it is, and there is nothing to undo. */
static enum assay_status
set_aside(struct drill_work *w, const char *path, struct assay_error *err)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	full(w, path, from);
	aside(w, w->undo_count, to);
	TRY(note(w, path, err));
	const unsigned mode = unlock(from);
	const bool moved = move(from, to);
	lock(from, mode);
	if (!moved) {
		w->undo_count--;
		return drill_failed("set it aside", path, err);
	}
	w->undo[w->undo_count - 1].saved = true;
	return ASSAY_OK;
}

enum assay_status
drill_undo(struct drill_work *w, struct assay_error *err)
{
	for (; w->undo_count > 0; w->undo_count--) {
		const struct undo *u = &w->undo[w->undo_count - 1];
		char path[PATH_SIZE], saved[PATH_SIZE];
		full(w, u->path, path);
		aside(w, w->undo_count - 1, saved);
		if (u->mode) {
			if (chmod(path, u->was) != 0)
				return drill_failed("put it back", u->path, err);
			continue;
		}
		const unsigned mode = unlock(path);
		drill_remove(path);
		const bool back = !u->saved || move(saved, path);
		lock(path, mode);
		if (!back)
			return drill_failed("put it back", u->path, err);
	}
	return ASSAY_OK;
}

/* Sets a file aside and puts a copy in its place, open to be written. */
static enum assay_status
twin(struct drill_work *w, const char *path, int *ret_fd, uint64_t *ret_size, struct assay_error *err)
{
	char at[PATH_SIZE], saved[PATH_SIZE];
	struct stat st;
	full(w, path, at);
	aside(w, w->undo_count, saved);
	TRY(set_aside(w, path, err));
	const unsigned mode = unlock(at);
	const enum assay_status status = drill_copy_file(saved, at, err);
	lock(at, mode);
	if (status != ASSAY_OK)
		return status;
	if (stat(at, &st) != 0 || chmod(at, 0600) != 0)
		return drill_failed("alter it", path, err);
	const int fd = open(at, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchmod(fd, st.st_mode & 07777) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return drill_failed("alter it", path, err);
	}
	*ret_fd = fd;
	*ret_size = (uint64_t)st.st_size;
	return ASSAY_OK;
}

static bool
flip(int fd, uint64_t at)
{
	unsigned char byte;
	if (pread(fd, &byte, 1, (off_t)at) != 1)
		return false;
	byte ^= 1;
	return pwrite(fd, &byte, 1, (off_t)at) == 1;
}

/* Every byte becomes another one. */
static bool
flip_all(int fd, uint64_t size)
{
	unsigned char piece[4096];
	for (uint64_t at = 0; at < size;) {
		const ssize_t n = pread(fd, piece, sizeof piece, (off_t)at);
		for (ssize_t i = 0; i < n; i++)
			piece[i] = (unsigned char)~piece[i];
		if (n <= 0 || pwrite(fd, piece, (size_t)n, (off_t)at) != n)
			return false;
		at += (uint64_t)n;
	}
	return true;
}

enum assay_status
tree_spoil(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = -1;
	uint64_t size = 0;
	bool done = false;
	struct stat st;
	const char *path = row->word != NULL ? row->word : row->with == SPOIL_PROGRAM ? w->program : w->file;
	if (path == NULL)
		return lacks(row->with == SPOIL_PROGRAM ? "no file may be run" : "no file holds anything", err);
	TRY(twin(w, path, &fd, &size, err));
	if (fstat(fd, &st) != 0)
		return drill_failed("alter it", path, err);
	switch (row->with) {
	case SPOIL_FLIP:
	case SPOIL_PROGRAM:
		done = flip(fd, size / 2);
		break;
	case SPOIL_FIRST:
		done = flip(fd, 0);
		break;
	case SPOIL_LAST:
		done = flip(fd, size - 1);
		break;
	case SPOIL_ALL:
		done = flip_all(fd, size);
		break;
	case SPOIL_SHORT:
		done = ftruncate(fd, (off_t)size - 1) == 0;
		break;
	case SPOIL_EMPTY:
		done = ftruncate(fd, 0) == 0;
		break;
	default:
		done = pwrite(fd, "\n", 1, (off_t)size) == 1;
		break;
	}
	/* Writing takes the bits of setuid and setgid away, and that is another attack. */
	return done && fchmod(fd, st.st_mode & 07777) == 0 ? ASSAY_OK : drill_failed("alter it", path, err);
}

enum assay_status
tree_mode(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE];
	struct stat st;
	const char *path = row->word[0] == 'd' ? w->folder : row->word[0] == 'x' ? w->program : w->file;
	if (w->lone)
		return lacks("the modes of a file that is sealed by itself aren't sealed", err);
	if (path == NULL)
		return lacks(row->word[0] == 'd' ? "there is no folder" : "there is no such file", err);
	full(w, path, at);
	if (lstat(at, &st) != 0)
		return drill_failed("look at it", path, err);
	TRY(note(w, path, err));
	struct undo *u = &w->undo[w->undo_count - 1];
	u->mode = true;
	u->was = st.st_mode & 07777;
	if (chmod(at, (st.st_mode & 07777) ^ (unsigned)row->with) != 0)
		return drill_failed("change its mode", path, err);
	/* Whoever may not give a file these bits is told nothing. */
	if (lstat(at, &st) != 0 || (st.st_mode & 07777) == u->was)
		return lacks("the system didn't let the mode be changed", err);
	return ASSAY_OK;
}

/* Two files change places: both are there, both are whole. */
enum assay_status
tree_swap(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char a[PATH_SIZE], b[PATH_SIZE], aside_a[PATH_SIZE], aside_b[PATH_SIZE];
	(void)row;
	if (w->file == NULL || w->other == NULL)
		return lacks("there are no two files", err);
	full(w, w->file, a);
	full(w, w->other, b);
	aside(w, w->undo_count, aside_a);
	TRY(set_aside(w, w->file, err));
	aside(w, w->undo_count, aside_b);
	TRY(set_aside(w, w->other, err));
	const unsigned mode_a = unlock(a);
	enum assay_status status = drill_copy_file(aside_b, a, err);
	lock(a, mode_a);
	if (status != ASSAY_OK)
		return status;
	const unsigned mode_b = unlock(b);
	status = drill_copy_file(aside_a, b, err);
	lock(b, mode_b);
	return status;
}

enum assay_status
tree_add(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE], path[PATH_SIZE];
	struct stat st;
	const char *folder = row->with == 0 ? "." : row->with == 1 ? w->folder : w->empty_folder;
	if (w->lone)
		return lacks("the release is one file", err);
	if (folder == NULL)
		return lacks(row->with == 1 ? "there is no folder" : "no folder is empty", err);
	text_put(path, sizeof path, "%s%s%s", row->with == 0 ? "" : folder, row->with == 0 ? "" : "/", row->word);
	full(w, path, at);
	if (lstat(at, &st) == 0)
		return lacks("the release has an entry of this name", err);
	TRY(note(w, path, err));
	const unsigned mode = unlock(at);
	const size_t len = strlen(row->word);
	enum assay_status status = ASSAY_OK;
	if (strstr(row->word, "folder") != NULL)
		status = mkdir(at, 0755) == 0 ? ASSAY_OK : drill_failed("add it", path, err);
	else if (strcmp(row->word, "added-data") == 0)
		status = file_write_atomic(AT_FDCWD, at, assay_span_str("rate: 9\n"), 0644, err);
	else if (len > 4 && strcmp(row->word + len - 4, "link") == 0)
		status = symlink("/etc/passwd", at) == 0 ? ASSAY_OK : drill_failed("add it", path, err);
	else
		status = file_write_atomic(AT_FDCWD, at, assay_span_str("#!/bin/sh\n"), 0755, err);
	lock(at, mode);
	return status;
}

enum assay_status
tree_gone(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	const char *path = row->with == 0 ? w->file : row->with == 1 ? w->folder : w->link;
	if (path == NULL || w->lone)
		return lacks("the release has none", err);
	return set_aside(w, path, err);
}

enum assay_status
tree_link(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE];
	if (w->link == NULL)
		return lacks("the release has no link", err);
	full(w, w->link, at);
	TRY(set_aside(w, w->link, err));
	const unsigned mode = unlock(at);
	const bool done = symlink(row->word, at) == 0;
	lock(at, mode);
	return done ? ASSAY_OK : drill_failed("redirect it", w->link, err);
}

enum assay_status
tree_replace(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE], saved[PATH_SIZE];
	const char *path = row->with == REPLACE_FOLDER_BY_LINK ? w->full_folder : w->file;
	/* A link to a file that is sealed by itself is followed: whoever verifies has named it. */
	if (w->lone != (row->with == REPLACE_RELEASE))
		return lacks(w->lone ? "the release is one file" : "the release is a folder", err);
	if (path == NULL)
		return lacks("the release has none", err);
	full(w, path, at);
	aside(w, w->undo_count, saved);
	TRY(set_aside(w, path, err));
	const unsigned mode = unlock(at);
	bool done;
	if (row->with == REPLACE_FOLDER || row->with == REPLACE_RELEASE)
		done = mkdir(at, 0755) == 0;
	else if (row->with == REPLACE_FIFO)
		done = mkfifo(at, 0644) == 0;
	else /* to the very thing: what it leads to is right */
		done = symlink(saved, at) == 0;
	lock(at, mode);
	return done ? ASSAY_OK : drill_failed("replace it", path, err);
}

enum assay_status
tree_capability(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = -1;
	uint64_t size = 0;
	(void)row;
	if (w->file == NULL || w->lone)
		return lacks("the release has no file whose capabilities are sealed", err);
	TRY(twin(w, w->file, &fd, &size, err));
	if (fsetxattr(fd, "security.capability", a_capability, sizeof a_capability, 0) != 0)
		return lacks("giving capabilities takes root, and a file system that has them", err);
	return ASSAY_OK;
}

enum assay_status
tree_grow(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	CLEANUP(close_fd) int fd = -1;
	uint64_t size = 0;
	(void)row;
	if (w->file == NULL)
		return lacks("no file holds anything", err);
	TRY(twin(w, w->file, &fd, &size, err));
	w->grow = true;
	return ASSAY_OK;
}

enum assay_status
tree_rename(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char saved[PATH_SIZE], path[PATH_SIZE], at[PATH_SIZE];
	(void)row;
	if (w->file == NULL || w->lone)
		return lacks("the release has none", err);
	text_put(path, sizeof path, "%s.renamed-by-the-drill", w->file);
	full(w, path, at);
	aside(w, w->undo_count, saved);
	TRY(set_aside(w, w->file, err));
	TRY(note(w, path, err));
	const unsigned mode = unlock(at);
	const enum assay_status status = drill_copy_file(saved, at, err);
	lock(at, mode);
	return status;
}

/* A link to a file becomes that file; one that leads elsewhere, some file. */
enum assay_status
tree_settle(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE];
	(void)row;
	if (w->link == NULL)
		return lacks("the release has no link", err);
	full(w, w->link, at);
	char *target = realpath(at, NULL);
	const size_t len = strlen(w->base);
	const char *from = target != NULL && strncmp(target, w->base, len) == 0 && target[len] == '/' ? arena_str(w->arena, target) : NULL;
	struct stat st;
	const bool is_file = from != NULL && stat(from, &st) == 0 && S_ISREG(st.st_mode);
	free(target);
	TRY(set_aside(w, w->link, err));
	const unsigned mode = unlock(at);
	const enum assay_status status = is_file ? drill_copy_file(from, at, err) : file_write_atomic(AT_FDCWD, at, assay_span_str("x"), 0644, err);
	lock(at, mode);
	return status;
}

/* The copy stays where it is. */
enum assay_status
drill_show_nothing(struct drill_work *w, struct assay_error *err)
{
	const char *folder = drill_path(w, w->top, "empty");
	if (folder == NULL || (w->shown = drill_path(w, folder, strrchr(w->tree, '/') + 1)) == NULL)
		return arena_full(err);
	return file_make_dirs(w->shown, true, err);
}

enum assay_status
tree_empty(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	(void)row;
	return w->lone ? lacks("the release is one file", err) : drill_show_nothing(w, err);
}

/* The same way, a file: of a folder one of its files under the folder's name, of a file its copy under another name. */
enum assay_status
tree_shown(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char from[PATH_SIZE];
	const char *folder = drill_path(w, w->top, "shown"), *name = strrchr(w->tree, '/') + 1;
	if (w->lone != (row->with == SHOWN_RENAMED))
		return lacks(w->lone ? "the release is one file" : "the release is a folder", err);
	if (w->file == NULL)
		return lacks("the release has none", err);
	if (folder == NULL)
		return arena_full(err);
	drill_remove(folder);
	TRY(file_make_dirs(folder, true, err));
	w->shown = arena_printf(w->arena, "%s/%s%s", folder, name, w->lone ? ".renamed-by-the-drill" : "");
	if (w->shown == NULL)
		return arena_full(err);
	full(w, w->file, from);
	return drill_copy_file(from, w->shown, err);
}

/* May not be read by whoever looks: that is another one than root. */
enum assay_status
tree_closed(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char at[PATH_SIZE];
	struct stat st;
	const char *const paths[] = { [CLOSED_FILE] = w->file, [CLOSED_FOLDER] = w->full_folder, [CLOSED_LIST] = w->full_folder,
		[CLOSED_EMPTY] = w->empty_folder };
	const char *path = paths[row->with];
	if (geteuid() == 0)
		return lacks("root may read everything", err);
	if (path == NULL)
		return lacks("the release has none", err);
	full(w, path, at);
	if (lstat(at, &st) != 0)
		return drill_failed("look at it", path, err);
	TRY(note(w, path, err));
	w->undo[w->undo_count - 1].mode = true;
	w->undo[w->undo_count - 1].was = st.st_mode & 07777;
	return chmod(at, row->with == CLOSED_LIST ? 0111 : 0) == 0 ? ASSAY_OK : drill_failed("close it", path, err);
}
