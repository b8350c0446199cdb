/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers of commits and tags share: the header's lines, people, signature headers.
 */
#pragma once

#include <codec/gitobj.h>

/* The header of a commit or tag, read line by line. */
struct git_lines {
	struct assay_span header; /* every line ends with LF */
	size_t at;
	unsigned line; /* of the line last read, from 1 */
	enum oid_algo algo;
	const char *what; /* "commit" or "tag", for errors */
};

/*
 * Splits raw into header and message. Errors: a NUL in the header, a last line without its end.
 */
ASSAY_MUST_USE enum assay_status git_split(struct assay_span raw, const char *what,
    struct git_lines *ret_lines, struct assay_span *ret_message, struct assay_error *err);
/* The next line without its LF; false at the header's end. */
bool git_next_line(struct git_lines *l, struct assay_span *ret_line);
/* True when the line is "NAME VALUE"; value then is what follows the space. */
bool git_named(struct assay_span line, const char *name, struct assay_span *ret_value);
/* Reads "NAME ID LF" at *cursor and steps behind it; hex of either case, as git reads what it writes in lower case alone. */
ASSAY_MUST_USE bool git_link_line(struct assay_span raw, const char *name, enum oid_algo algo,
    size_t *cursor, struct oid *ret_id);
/* ASSAY_E_FORMAT at the current line. */
enum assay_status git_malformed(const struct git_lines *l, struct assay_error *err,
    const char *why);
/* "NAME <EMAIL> TIME ZONE". */
ASSAY_MUST_USE enum assay_status git_person_parse(const struct git_lines *l,
    struct assay_span value, struct git_person *ret_person, struct assay_error *err);
/*
 * Reads the headers from here to the end: signature headers become holes between pieces, others must not be
 * among forbidden (NULL-terminated names).
 */
ASSAY_MUST_USE enum assay_status git_extra_headers(struct git_lines *l,
    const char *const *forbidden, struct git_signature_field *sig, struct assay_error *err);
/* Adds a piece of what is signed; over GIT_SIGNED_PIECES none is left, so that nothing verifies. */
void git_add_piece(struct git_signature_field *sig, const unsigned char *from,
    const unsigned char *to);
