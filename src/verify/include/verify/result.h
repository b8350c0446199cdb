/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holding a tree against its seal came to. It starts as "not intact" and becomes "intact" in verify_conclude() alone.
 */
#pragma once

#include <assay/release.h>
#include <base/buf.h>

/* Findings that are kept with their words; all others are counted. */
#define VERIFY_LISTED_MAX 256
#define VERIFY_WORDS_SIZE 256
/* People that are named among those who signed; with the names' NUL. */
#define VERIFY_PEOPLE_MAX 16
#define VERIFY_PERSON_SIZE (ASSAY_TUF_PERSON_MAX + 1)

enum verify_outcome {
	VERIFY_NOT_INTACT,
	VERIFY_NOT_EVALUATED, /* nothing was found wrong, and not all could be looked at */
	VERIFY_INTACT,
};

enum verify_digests {
	VERIFY_DIGESTS_NONE,   /* it didn't come to that */
	VERIFY_DIGESTS_BOTH,
	VERIFY_DIGESTS_SHA256, /* that the fs-verity digest is of the same content was seen before on this machine */
};

struct verify_finding {
	enum assay_release_code code;
	bool of_tree;       /* path is one of the tree; else a file of the seal, or of the machine's state */
	unsigned char *path; /* as in the file system, with a NUL; NULL when it is about none */
	size_t path_len;
	char words[VERIFY_WORDS_SIZE];
};

struct verify_counts {
	uint64_t files, folders, links; /* looked at and held against the manifest */
	uint64_t bytes;                 /* of those files */
};

struct verify_result {
	enum verify_outcome outcome;
	/* Those of the seal first, as they were found; then those of the tree by path. */
	struct verify_finding listed[VERIFY_LISTED_MAX];
	size_t listed_count, listed_of_seal;
	uint64_t counts[ASSAY_RELEASE_CODES]; /* of all findings, by code */
	uint64_t total;
	bool tree_read;     /* to its end */
	struct verify_counts checked;
	uint64_t mounts;    /* folders of the tree on which another file system is mounted */
	bool lone;          /* the tree is a file by itself */
	enum verify_digests digests; /* that were compared of each file */

	bool has_release;   /* who may release has signed it: what follows is on their word */
	char product[ASSAY_RELEASE_WORD_MAX + 1], version[ASSAY_RELEASE_WORD_MAX + 1];
	char commit[129], source_tree[129]; /* hex */
	uint64_t number, counter;
	char release[ASSAY_TUF_HEX_SIZE], manifest[ASSAY_TUF_HEX_SIZE]; /* SHA-256 of the signed part; of the manifest */
	char people[VERIFY_PEOPLE_MAX][VERIFY_PERSON_SIZE];
	size_t people_count;
	uint32_t threshold;
	char root[ASSAY_TUF_HEX_SIZE]; /* fingerprint of the first root, as it was given or pinned */
	bool pinned;        /* by an earlier installation on this machine, and not by this call's words */
	int64_t expires;
	bool expired;
	char expires_file[32];

	char *tree, *seal;  /* real paths */
	bool installing;
	bool state_written, state_read_only;
	bool lowered;       /* a rollback was authorised and is on record */
};

ASSAY_MUST_USE enum assay_status verify_result_new(struct verify_result **ret_result, struct assay_error *err);
void verify_result_free(struct verify_result **r);

/* About the seal, its metadata or this machine; path may be NULL. */
void verify_find(struct verify_result *r, enum assay_release_code code, const char *path, const char *fmt, ...)
    ASSAY_PRINTF(4, 5);
/* About an entry of the tree. Of too many, those are listed whose paths come first, in whatever order they are found. */
void verify_find_entry(struct verify_result *r, enum assay_release_code code, struct assay_span path, const char *fmt, ...)
    ASSAY_PRINTF(4, 5);
/* The one place where an outcome becomes good. */
void verify_conclude(struct verify_result *r);

/* For people, and one array of objects: the outcome, then a finding each (schemas/verify.json). */
void verify_text(const struct verify_result *r, struct buf *out);
void verify_json(const struct verify_result *r, struct buf *out);
/* "intact", "not-intact", "not-evaluated" */
const char *verify_outcome_name(enum verify_outcome outcome);
/* "none", "both", "sha256" */
const char *verify_digests_name(enum verify_digests digests);
/* A JSON string; what isn't UTF-8 becomes U+FFFD. */
void verify_json_string(struct buf *out, const char *text);
