/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Git objects, parsed in full from raw bytes: commits, annotated tags, trees; ids of SHA-1 and SHA-256 repositories.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

#define OID_MAX 32
#define GIT_COMMIT_MAX (4u << 20)  /* bytes of a commit or tag that is read */
#define GIT_PARENTS_MAX 4096
#define GIT_TREE_SIZE_MAX (64u << 20) /* bytes of a tree that is read */

enum oid_algo { OID_SHA1, OID_SHA256 };
enum git_type { GIT_COMMIT, GIT_TREE, GIT_BLOB, GIT_TAG };

struct oid {
	unsigned char b[OID_MAX]; /* SHA-1: the first 20, the rest zero */
};

size_t oid_size(enum oid_algo algo); /* 20 or 32 */
int oid_compare(const struct oid *a, const struct oid *b);
/* Lower-case hex of exactly the algorithm's length. */
ASSAY_MUST_USE enum assay_status oid_parse(struct assay_span hex, enum oid_algo algo,
    struct oid *ret_id);
/* room: 65 bytes. */
void oid_hex(const struct oid *id, enum oid_algo algo, char *out);
/* Git's rules for a full ref name, "refs/..." (git-check-ref-format). */
bool ref_name_ok(struct assay_span name);
const char *git_type_name(enum git_type type);
ASSAY_MUST_USE enum assay_status git_type_parse(struct assay_span name, enum git_type *ret_type);

/*
 * Hashes an object as git names it ("TYPE LEN NUL" bytes). SHA-1 detects collision attacks: then
 * ASSAY_E_VERIFY.
 */
ASSAY_MUST_USE enum assay_status git_hash(enum oid_algo algo, enum git_type type,
    struct assay_span bytes, struct oid *ret_id, struct assay_error *err);

/* name may be empty. Neither holds '<' or '>'. */
struct git_person {
	struct assay_span name;
	struct assay_span email;
	int64_t time;
	int zone; /* minutes east of UTC, as written; never used to compute time */
};

/*
 * What is signed, in up to GIT_SIGNED_PIECES pieces of the raw bytes (to be joined), and the signature's own lines.
 * As git has it, every header whose name begins "gpgsig" is left out of what is signed. With more headers than there
 * is room for, piece_count is 0.
 */
#define GIT_SIGNED_PIECES 8
struct git_signature_field {
	unsigned headers;       /* all of gpgsig*, and signatures in a tag's text: more than one is never honest */
	bool wrong_header;      /* one that isn't the repository's algorithm's, or any header in a tag */
	/* Whole lines, LF included. Commits: the first own header's value, continuation lines with their leading
	 * space; tags: from the last begin line to the end of the object. data NULL: none. */
	struct assay_span raw;
	struct assay_span pieces[GIT_SIGNED_PIECES];
	size_t piece_count;
};

struct git_commit {
	struct oid tree;
	struct assay_span parents; /* the "parent ..." lines */
	size_t parent_count;
	struct git_person author;
	struct git_person committer;
	struct git_signature_field signature;
	struct assay_span message;
};

struct git_tag {
	struct oid target;
	enum git_type target_type;
	struct assay_span name;
	struct git_person tagger; /* email.data NULL when absent */
	struct git_signature_field signature;
	struct assay_span message; /* without the signature */
};

/* Errors: ASSAY_E_FORMAT with what git fsck would say in words, ASSAY_E_LIMIT over a cap. */
ASSAY_MUST_USE enum assay_status git_commit_parse(struct assay_span raw, enum oid_algo algo,
    struct git_commit *ret_commit, struct assay_error *err);
/*
 * What a commit or tag leads to, read as git walks it however malformed the rest is, hex of either case: fills parents and
 * parent_count; or target and target_type, when the tag says so much. A broken line must hide nothing that git would show.
 */
void git_commit_links(struct assay_span raw, enum oid_algo algo, struct git_commit *ret_commit);
ASSAY_MUST_USE bool git_tag_link(struct assay_span raw, enum oid_algo algo, struct git_tag *ret_tag);
/* Steps through the parents: *cursor starts at 0. Hex of either case. */
bool git_commit_next_parent(const struct git_commit *c, enum oid_algo algo, size_t *cursor,
    struct oid *ret_id);
ASSAY_MUST_USE enum assay_status git_tag_parse(struct assay_span raw, enum oid_algo algo,
    struct git_tag *ret_tag, struct assay_error *err);

struct git_tree_entry {
	uint32_t mode;
	struct assay_span name;
	struct oid id;
};
/*
 * Steps through a tree's entries: ASSAY_E_NOT_FOUND at the end; names, modes and order (against the next entry) are
 * checked. Not seen: a file and a folder of one name with entries between them.
 */
ASSAY_MUST_USE enum assay_status git_tree_next(struct assay_span raw, enum oid_algo algo,
    size_t *cursor, struct git_tree_entry *ret_entry, struct assay_error *err);
