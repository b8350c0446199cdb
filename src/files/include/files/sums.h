/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of digests, a line a file, as sha256sum(1) and its sisters and 'fsverity digest' print
 * them:
 *
 *   DIGEST SPACE SPACE NAME      DIGEST SPACE * NAME      sha256:DIGEST SPACE NAME   (fs-verity)
 *
 * A name that holds a backslash, a line feed or a carriage return has these as \\, \n and \r, and
 * its line begins with a backslash.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>
#include <stdbool.h>

#define SUMS_DIGEST_MAX 64
#define SUMS_NAME_MAX 4096
/* Bytes of a list. */
#define SUMS_MAX ((size_t)1 << 30)

struct sums_reader {
	struct assay_span rest;
	const char *file; /* for messages */
	unsigned line;	  /* of the entry that came last */
	size_t digest_len;
	bool verity;
};

struct sums_entry {
	unsigned char digest[SUMS_DIGEST_MAX];
	char name[SUMS_NAME_MAX + 1];
};

/*
 * The next line. ret_end: there is none. ASSAY_E_FORMAT, with file and line, for anything that
 * isn't exactly such a line: another digest's length, an empty line, a comment, a NUL, a backslash
 * that escapes nothing; ASSAY_E_LIMIT for a name over the cap. Digits may be of either case; the
 * last line may lack its end.
 */
ASSAY_MUST_USE enum assay_status sums_next(
    struct sums_reader *r, struct sums_entry *ret_entry, bool *ret_end, struct assay_error *err);
/* Appends a line that sums_next() reads. */
void sums_add(struct buf *out, struct assay_span digest, bool verity, struct assay_span name);
