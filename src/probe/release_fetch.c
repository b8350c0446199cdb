/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release-seal: the files of seal folders, as they are.
 */
#include "internal.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <probe/release.h>
#include <stdlib.h>
#include <string.h>

/* Names in a seal folder that are looked at. */
#define NAMES_MAX 1000
#define MEMBERS_MAX ((size_t)RELEASES_MAX * (RELEASE_ROOTS_MAX + RELEASE_FILES + 2))

struct fetch {
	struct arena *arena;
	struct evidence *e;
	struct assay_error *err;
	size_t number; /* of the release */
	int dir;
	struct buf left, others;
	const char *taken[RELEASE_FILES + RELEASE_ROOTS_MAX];
	size_t taken_count;
};

static enum assay_status
add_member(struct fetch *f, const char *name, struct assay_span bytes)
{
	struct evidence_member *m = &f->e->members[f->e->member_count];
	unsigned char *own = arena_alloc(f->arena, bytes.len + 1);
	m->name = arena_printf(f->arena, "release/%zu/%s", f->number, name);
	if (own == NULL || m->name == NULL)
		return arena_full(f->err);
	if (bytes.len > 0)
		memcpy(own, bytes.data, bytes.len);
	own[bytes.len] = '\0';
	m->bytes = (struct assay_span){ own, bytes.len };
	f->e->member_count++;
	return ASSAY_OK;
}

static const char *
why_left(enum assay_status status)
{
	return status == ASSAY_E_LIMIT ? "large" : status == ASSAY_E_UNSUPPORTED ? "no-file" : "unreadable";
}

/* *ret_there: there is something of this name, whatever it is. */
static enum assay_status
take_file(struct fetch *f, const char *name, size_t most, bool *ret_there)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(most);
	const enum assay_status status = file_read(f->dir, name, &bytes, f->err);
	*ret_there = status != ASSAY_E_NOT_FOUND;
	if (status == ASSAY_E_MEMORY)
		return status;
	if (*ret_there)
		f->taken[f->taken_count++] = name;
	if (status == ASSAY_OK)
		return add_member(f, name, buf_span(&bytes));
	if (*ret_there)
		buf_addf(&f->left, "%s %s\n", name, why_left(status));
	return ASSAY_OK;
}

static enum assay_status
take_roots(struct fetch *f)
{
	bool there = true;
	for (unsigned n = 1; n <= RELEASE_ROOTS_MAX && there; n++) {
		const char *name = arena_printf(f->arena, "%u.root.json", n);
		if (name == NULL)
			return arena_full(f->err);
		TRY(take_file(f, name, ASSAY_RELEASE_ROOT_MAX, &there));
	}
	return ASSAY_OK;
}

static bool
was_taken(const struct fetch *f, const char *name)
{
	for (size_t i = 0; i < f->taken_count; i++)
		if (strcmp(f->taken[i], name) == 0)
			return true;
	return false;
}

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* Whatever else lies there. */
static enum assay_status
list_others(struct fetch *f, const char *path)
{
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, path, O_NOFOLLOW);
	const char **names = arena_array(f->arena, NAMES_MAX, sizeof *names);
	const struct dirent *entry = NULL;
	size_t count = 0;
	if (names == NULL)
		return arena_full(f->err);
	while (d != NULL && count < NAMES_MAX && (entry = folder_next(d)) != NULL) {
		if (was_taken(f, entry->d_name))
			continue;
		names[count] = arena_str(f->arena, entry->d_name);
		if (names[count++] == NULL)
			return arena_full(f->err);
	}
	if (d == NULL || (entry == NULL && errno != 0))
		return assay_fail(f->err, ASSAY_E_SYSTEM, "the seal '%s' can't be listed: %s", path, text_errno(errno));
	if (count == 0)
		return ASSAY_OK;
	qsort(names, count, sizeof *names, by_text);
	for (size_t i = 0; i < count; i++) {
		text_escape(&f->others, assay_span_str(names[i]), false);
		buf_add_byte(&f->others, '\n');
	}
	return ASSAY_OK;
}

static enum assay_status
fetch_one(struct fetch *f, const char *path)
{
	bool there;
	TRY(take_roots(f));
	for (size_t i = 0; i < RELEASE_FILES; i++)
		TRY(take_file(f, release_files[i].name, release_files[i].most, &there));
	TRY(list_others(f, path));
	TRY(buf_status(&f->left, "what could not be read of a seal", f->err));
	TRY(buf_status(&f->others, "what else lies in a seal", f->err));
	TRY(add_member(f, "left", buf_span(&f->left)));
	return add_member(f, "others", buf_span(&f->others));
}

static enum assay_status
fetch_seal(const struct release_given *given, size_t number, struct arena *arena, struct evidence *e, struct assay_error *err)
{
	CLEANUP(close_fd) int dir = open(given->seal, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct fetch f = { .arena = arena, .e = e, .err = err, .number = number, .dir = dir, .left = BUF_INIT(RELEASE_LIST_MAX),
		.others = BUF_INIT(RELEASE_LIST_MAX) };
	if (dir < 0) {
		const int error = errno;
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be opened as a seal: %s", given->seal, text_errno(error));
		return assay_error_todo(err, ASSAY_E_USAGE, "name the folder that 'assay seal' wrote: --release SEAL=TREE");
	}
	const enum assay_status status = fetch_one(&f, given->seal);
	buf_done(&f.left);
	buf_done(&f.others);
	return status;
}

static int
by_name(const void *a, const void *b)
{
	const struct evidence_member *x = a, *y = b;
	return strcmp(x->name, y->name);
}

enum assay_status
release_seal_fetch(const struct release_given *given, size_t count, struct arena *arena, struct evidence *ret_evidence,
    struct assay_error *err)
{
	struct evidence e = { .kind = RELEASE_SEAL_KIND, .subject = ret_evidence->subject, .grade = ret_evidence->grade,
		.completeness = EVIDENCE_COMPLETE, .members = arena_array(arena, MEMBERS_MAX, sizeof e.members[0]) };
	if (e.members == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		TRY(fetch_seal(&given[i], i, arena, &e, err));
	qsort(e.members, e.member_count, sizeof e.members[0], by_name);
	assay_error_clear(err);
	*ret_evidence = e;
	return ASSAY_OK;
}
