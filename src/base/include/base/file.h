/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: read with a cap, write whole or not at all.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdbool.h>

/* For CLEANUP(): closes what is open, -1 when nothing is, and leaves -1. */
void close_fd(int *fd);

/* A file's bytes. A copy, never a mapping: a mapped file can change between being verified and being used. */
struct file_view {
	struct assay_span bytes;
	unsigned char *own;
};

/*
 * Reads all of a regular file below dirfd (AT_FDCWD for the current folder) into out. The last component is
 * never followed as a link, FIFOs and devices are refused. out is emptied first. ASSAY_E_NOT_FOUND when absent,
 * ASSAY_E_LIMIT over out's cap, ASSAY_E_UNSUPPORTED for a link or what is no regular file.
 */
ASSAY_MUST_USE enum assay_status file_read(int dirfd, const char *path, struct buf *out,
    struct assay_error *err);
/* The same, but no component of path may be a link or lead out of dirfd (openat2 where there is one). */
ASSAY_MUST_USE enum assay_status file_read_beneath(int dirfd, const char *path, struct buf *out,
    struct assay_error *err);
/* Reads a regular file of at most cap bytes. */
ASSAY_MUST_USE enum assay_status file_view(const char *path, size_t cap,
    struct file_view *ret_view, struct assay_error *err);
void file_view_done(struct file_view *view);
/*
 * All bytes, fsync, rename, fsync of the folder. Until the rename the file has no name (or, where the file system knows
 * no such files, a temporary one that a failure removes). mode as open(2).
 */
ASSAY_MUST_USE enum assay_status file_write_atomic(int dirfd, const char *path,
    struct assay_span bytes, unsigned mode, struct assay_error *err);
/* The same in pieces, for what never stands in memory as a whole. */
struct file_draft;
ASSAY_MUST_USE enum assay_status file_draft_new(int dirfd, const char *path, unsigned mode,
    struct file_draft **ret_draft, struct assay_error *err);
ASSAY_MUST_USE enum assay_status file_draft_add(struct file_draft *draft, struct assay_span bytes,
    struct assay_error *err);
/* Now it is there under its name. */
ASSAY_MUST_USE enum assay_status file_draft_commit(struct file_draft *draft, struct assay_error *err);
/* What was not committed is gone. */
void file_draft_free(struct file_draft **draft);
/* Makes the folder and what leads to it, mode 0700 for private, else 0777 less umask. */
ASSAY_MUST_USE enum assay_status file_make_dirs(const char *path, bool is_private,
    struct assay_error *err);
/* Writes all bytes to an open file, whatever EINTR and short writes do. */
ASSAY_MUST_USE enum assay_status file_write_all(int fd, struct assay_span bytes,
    struct assay_error *err);
