/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release-records: the files of a folder.
 */
#include "internal.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <errno.h>
#include <evidence/records.h>
#include <fcntl.h>
#include <probe/release.h>
#include <stdlib.h>
#include <string.h>

static bool
is_plain(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	return name[0] != '.' && strcmp(name, "left") != 0 && name[strspn(name, allowed)] == '\0';
}

static enum assay_status
add_member(struct evidence *e, const char *name, struct assay_span bytes, struct arena *arena, struct assay_error *err)
{
	struct evidence_member *m = &e->members[e->member_count++];
	unsigned char *own = arena_alloc(arena, bytes.len + 1);
	m->name = arena_printf(arena, RECORDS_PREFIX "%s", name);
	if (own == NULL || m->name == NULL)
		return arena_full(err);
	if (bytes.len > 0)
		memcpy(own, bytes.data, bytes.len);
	own[bytes.len] = '\0';
	m->bytes = (struct assay_span){ own, bytes.len };
	return ASSAY_OK;
}

static enum assay_status
take(DIR *d, const char *name, struct evidence *e, struct buf *left, struct arena *arena, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(RECORD_MAX);
	const bool fits = is_plain(name) && e->member_count < RECORDS_MAX;
	const enum assay_status status = fits ? file_read(dirfd(d), name, &bytes, err) : ASSAY_E_UNSUPPORTED;
	if (status == ASSAY_E_MEMORY)
		return status;
	if (status == ASSAY_OK)
		return add_member(e, name, buf_span(&bytes), arena, err);
	text_escape(left, assay_span_str(name), false);
	buf_add_byte(left, '\n');
	return buf_status(left, "what could not be taken of the records", err);
}

static int
by_name(const void *a, const void *b)
{
	const struct evidence_member *x = a, *y = b;
	return strcmp(x->name, y->name);
}

enum assay_status
release_records_fetch(const char *folder, struct arena *arena, struct evidence *ret_evidence, struct assay_error *err)
{
	CLEANUP(close_folder) DIR *d = folder_open(AT_FDCWD, folder, O_NOFOLLOW);
	CLEANUP(buf_done) struct buf left = BUF_INIT((size_t)1 << 20);
	struct evidence e = { .kind = RELEASE_RECORDS_KIND, .subject = ret_evidence->subject, .grade = ret_evidence->grade,
		.completeness = EVIDENCE_COMPLETE, .members = arena_array(arena, RECORDS_MAX + 1, sizeof e.members[0]) };
	const struct dirent *entry = NULL;
	if (d == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be opened as a folder of records: %s", folder, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_USAGE, "name the folder in which the records of drills lie: --release-records DIR");
	}
	if (e.members == NULL)
		return arena_full(err);
	while ((entry = folder_next(d)) != NULL)
		TRY(take(d, entry->d_name, &e, &left, arena, err));
	if (errno != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be listed: %s", folder, text_errno(errno));
	TRY(add_member(&e, "left", buf_span(&left), arena, err));
	qsort(e.members, e.member_count, sizeof e.members[0], by_name);
	assay_error_clear(err);
	*ret_evidence = e;
	return ASSAY_OK;
}
