/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of archives: one walk down. Readers call inside_member() for each member, and inside_problem(). */
#pragma once

#include "look.h"

#include <base/buf.h>
#include <seal/archive.h>

/* One archive file of the tree, with all that is left to spend on it. */
struct inside {
	struct arena *arena;
	struct seal_inside *out;
	const struct seal_member **member_end;
	const struct seal_inside_problem **problem_end;
	size_t bytes_left, members_left;
	unsigned depth;
	bool told_large, told_many;
};

/* An archive in it: its bytes, and the path by which its members are called. */
struct within {
	const char *path;
	struct assay_span bytes;
	bool whole; /* all its bytes are here */
};

ASSAY_MUST_USE enum assay_status inside_problem(struct inside *w, enum seal_inside_matter matter, const char *path,
    struct assay_error *err);
/*
 * One member, with its bytes where they could be had (else size bytes are missing). name is as in the archive. *ret_more is false when
 * no more are wanted.
 */
ASSAY_MUST_USE enum assay_status inside_member(struct inside *w, const struct within *a, const struct seal_file *member, bool *ret_more,
    struct assay_error *err);
/*
 * Raw deflate (raw) or gzip, of which *ret_used bytes were read. What is unpacked is of w's bytes and is freed by the caller.
 * ASSAY_E_LIMIT beyond them, with what came so far; ASSAY_E_FORMAT when it is damaged, likewise.
 */
enum assay_status inside_inflate(struct inside *w, struct assay_span packed, bool raw, struct buf *out, size_t *ret_used);

enum assay_status inside_zip(struct inside *w, const struct within *a, struct assay_error *err);
enum assay_status inside_tar(struct inside *w, const struct within *a, struct assay_error *err);
enum assay_status inside_gzip(struct inside *w, const struct within *a, struct assay_error *err);
enum assay_status inside_ar(struct inside *w, const struct within *a, struct assay_error *err);
enum assay_status inside_cpio(struct inside *w, const struct within *a, struct assay_error *err);
