/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaked-files: folders beside the repository, searched as its objects are. Links are not followed: what they lead to is given by itself.
 */
#include "internal.h"
#include "leaks.h"
#include "rows.h"

#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <files/walk.h>
#include <probe/leaks.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1 << 30)
#define PIECE ((size_t)1 << 18)
#define TOP_MAX (WALK_PATH_MAX + PATH_TEXT_MAX)

struct searching {
	struct leaks *leaks;
	struct leaks_record *record;
	const char *top; /* as it was given */
	struct buf bytes;
	unsigned char *piece;
};

static void
searching_done(struct searching *s)
{
	buf_done(&s->bytes);
	free(s->piece);
}

/* 0 or an errno; EFBIG over the cap. */
static int
read_all(struct searching *s, int fd)
{
	buf_reset(&s->bytes);
	for (;;) {
		const ssize_t n = read(fd, s->piece, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? 0 : errno;
		buf_add(&s->bytes, s->piece, (size_t)n);
		if (s->bytes.status != ASSAY_OK)
			return s->bytes.status == ASSAY_E_LIMIT ? EFBIG : ENOMEM;
	}
}

static void
unseen(struct searching *s, const char *path, int error)
{
	leaks_record_unseen(s->record, assay_span_str(path), text_errno(error));
}

static void
search(struct searching *s, const char *path, int fd)
{
	const int error = read_all(s, fd);
	if (error != 0)
		unseen(s, path, error);
	else
		leaks_look_file(s->leaks, path, buf_span(&s->bytes));
}

static enum assay_status
visit(void *ctx, const struct walk_entry *entry, struct assay_error *err)
{
	struct searching *s = ctx;
	char path[TOP_MAX];
	int fd = -1;
	(void)err;
	text_put(path, sizeof path, "%s/%.*s", s->top, (int)entry->path.len, (const char *)entry->path.data);
	const int error = entry->error != 0 ? entry->error
	    : entry->facts.type != WALK_FILE ? -1 : walk_open_file(entry->folder, entry->name, &fd);
	if (error > 0)
		unseen(s, path, error);
	if (error != 0)
		return ASSAY_OK;
	search(s, path, fd);
	(void)close(fd);
	return ASSAY_OK;
}

/* A folder, or one file. */
static enum assay_status
search_given(struct searching *s, struct assay_error *err)
{
	static const struct walk_options options = { .one_device = false };
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	CLEANUP(close_fd) int fd = open(s->top, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct walk_facts facts;
	if (fd < 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be searched: %s", s->top, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_USAGE, "give --scan a folder or a file that may be read");
	}
	if (walk_facts_of(fd, &facts) == 0 && facts.type == WALK_FILE) {
		search(s, s->top, fd);
		return ASSAY_OK;
	}
	TRY(walk_root(AT_FDCWD, s->top, &root, err));
	return walk_tree(root, &options, visit, s, err);
}

static void
leaks_done(struct leaks **l)
{
	leaks_free(l);
}

enum assay_status
leaks_files_fetch(const char *const *paths, size_t count, struct arena *arena, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(leaks_done) struct leaks *leaks = NULL;
	CLEANUP(leaks_record_done) struct leaks_record record = { 0 };
	CLEANUP(searching_done) struct searching s = { .record = &record, .bytes = BUF_INIT(FILE_BYTES_MAX), .piece = malloc(PIECE) };
	TRY(leaks_new(&leaks, err));
	if (s.piece == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to search files");
	s.leaks = leaks;
	record.leaks = leaks;
	TRY(leaks_record_begin(&record, err));
	for (size_t i = 0; i < count; i++) {
		s.top = paths[i];
		TRY(search_given(&s, err));
	}
	TRY(leaks_settle(leaks, err));
	ret_evidence->completeness = json_array_size(record.unseen) == 0 ? EVIDENCE_COMPLETE : EVIDENCE_PARTIAL;
	ret_evidence->why = ret_evidence->completeness == EVIDENCE_PARTIAL ? "not all of what was given could be read" : NULL;
	return leaks_record_end(&record, LEAKS_FILES_MEMBER, arena, ret_evidence, err);
}
