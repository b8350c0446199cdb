/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: read with a cap, write whole or not at all.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdbool.h>

/* A file mapped or read into memory, read-only. */
struct file_view {
	struct assay_span bytes;
	void *map;      /* NULL when it was read into own memory */
	size_t map_len;
	unsigned char *own;
};

/*
 * Reads all of a regular file below dirfd (AT_FDCWD for the current folder) into out. The last component is
 * never followed as a link, FIFOs and devices are refused. ASSAY_E_NOT_FOUND when absent, ASSAY_E_LIMIT over out's cap.
 */
ASSAY_MUST_USE enum assay_status file_read(int dirfd, const char *path, struct buf *out,
    struct assay_error *err);
/* The same, but no component of path may be a link or lead out of dirfd (openat2 where there is one). */
ASSAY_MUST_USE enum assay_status file_read_beneath(int dirfd, const char *path, struct buf *out,
    struct assay_error *err);
/* Maps a regular file of at most cap bytes. */
ASSAY_MUST_USE enum assay_status file_view(const char *path, size_t cap,
    struct file_view *ret_view, struct assay_error *err);
void file_view_done(struct file_view *view);
/* A temporary name in the same folder, all bytes, fsync, rename, fsync of the folder. mode as open(2). */
ASSAY_MUST_USE enum assay_status file_write_atomic(int dirfd, const char *path,
    struct assay_span bytes, unsigned mode, struct assay_error *err);
/* Makes the folder and what leads to it, mode 0700 for private, else 0777 less umask. */
ASSAY_MUST_USE enum assay_status file_make_dirs(const char *path, bool is_private,
    struct assay_error *err);
/* Writes all bytes to an open file, whatever EINTR and short writes do. */
ASSAY_MUST_USE enum assay_status file_write_all(int fd, struct assay_span bytes,
    struct assay_error *err);
