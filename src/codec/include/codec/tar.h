/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pax tar (POSIX.1-2001 ustar), one canonical form: regular files alone, sorted names, mode 0644, ids and times 0, no
 * pax records but "path" where a name has more than 100 bytes, two zero blocks at the end and nothing after. Members are
 * below 8 GiB, so that "size" is never needed.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdint.h>

#define TAR_NAME_MAX 1024
#define TAR_MEMBERS_MAX 100000

ASSAY_MUST_USE enum assay_status tar_end(struct buf *out, struct assay_error *err);
/*
 * What stands before and after a member's bytes, which the writer adds by itself. Names are relative, '/'-separated, without
 * empty, "." or ".." components, UTF-8 without control characters. The order of members is the caller's to keep: tar_next
 * refuses another.
 */
ASSAY_MUST_USE enum assay_status tar_add_head(struct buf *out, const char *name, uint64_t size,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status tar_add_padding(struct buf *out, uint64_t size,
    struct assay_error *err);

struct tar_reader {
	struct assay_span archive;
	size_t at;
	size_t members;
	char first[TAR_NAME_MAX + 1];
	char last[TAR_NAME_MAX + 1];
};

struct tar_member {
	char name[TAR_NAME_MAX + 1];
	struct assay_span bytes;
};

/*
 * The next member, ASSAY_E_NOT_FOUND at the proper end. Whatever these functions would have written otherwise is
 * ASSAY_E_FORMAT: links, other owners, checksums off, names out of order or twice, padding that isn't zero, bytes after the end.
 * The first member may have any name, which no other has; order holds from the second on.
 */
ASSAY_MUST_USE enum assay_status tar_next(struct tar_reader *reader, struct tar_member *ret_member,
    struct assay_error *err);
