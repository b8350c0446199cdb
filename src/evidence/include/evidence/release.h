/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "release-seal": seals of releases as they lie there, assay-release(5). Members, N counting from 0 in the order in which the releases
 * were given (the one that is judged first, earlier ones behind it):
 *
 *   release/N/NAME    a file of the seal, for each name of release_files and for each root ("1.root.json")
 *   release/N/others  names of what else lies in the seal, sorted, a line each, escaped; empty when there is nothing
 *   release/N/left    "NAME WHY" lines: files of these names that could not be read
 *
 * All of it is verified again by whoever parses it, from the first root to each file's digest. Which root is trusted is for
 * the judge to say: the chain is followed from the one that is there.
 */
#pragma once

#include <assay/release.h>
#include <evidence/evidence.h>
#include <policy/release.h>

#define RELEASE_SEAL_KIND "release-seal"
/* Releases that can be given at once. */
#define RELEASES_MAX 8
#define RELEASE_ROOTS_MAX 256
/* Largest manifest that is read, and largest of the other files that a release names. */
#define RELEASE_MANIFEST_MAX ((size_t)256 << 20)
#define RELEASE_MEMBER_MAX ((size_t)16 << 20)
#define RELEASE_LIST_MAX (64u << 10)

enum release_file {
	RELEASE_FILE_TARGETS,
	RELEASE_FILE_RELEASE,
	RELEASE_FILE_MANIFEST,
	RELEASE_FILE_SBOM,
	RELEASE_FILE_PROVENANCE,
	RELEASE_FILE_INSTRUCTIONS,
	RELEASE_FILE_ROLLBACK,
	RELEASE_FILES
};
struct release_file_row {
	const char *name;   /* in the seal */
	const char *target; /* that it is of; NULL: of none */
	size_t most;
};
extern const struct release_file_row release_files[RELEASE_FILES];

/* Somebody whose key signed. */
struct release_signer {
	const char *person, *role; /* "" where the key names nobody */
	enum assay_tuf_scheme scheme;
	unsigned char spki[ASSAY_TUF_SPKI_MAX];
	size_t spki_len;
	const char *keyid;
	bool signed_it; /* false: may sign, and didn't */
};

/* What lies under a path of the manifest, as far as controls ask. */
struct release_counts {
	uint64_t files, folders, links, bytes, executables, privileged; /* privileged: set-id bits or capabilities */
};

struct release_seal {
	const char *name;         /* "release/0" */
	struct assay_span *roots; /* as far as they follow one another */
	unsigned root_count;
	struct assay_span files[RELEASE_FILES]; /* data NULL: not there */
	const char *others;       /* the names, or NULL */
	const char *left;         /* what could not be read, or NULL */
	char fingerprint[ASSAY_TUF_HEX_SIZE]; /* of the first root that is there; "" when it can't be read */

	/* Reading it by assay/release.h, the first root taken for what it is. */
	bool is_read;             /* what follows is what enough people of the role signed */
	enum assay_release_code code; /* else why */
	const char *why;
	struct assay_release release;
	struct assay_release_check *check;
	struct release_signer *signers; /* all keys of the role 'release', when who holds it is known */
	size_t signer_count;
	uint32_t role_people;     /* distinct people among those */
	bool has_target[RELEASE_FILES];
	struct assay_tuf_target targets[RELEASE_FILES];
	bool is_good[RELEASE_FILES]; /* the file is there and the one that was signed */
	bool other_targets;       /* it names targets that aren't of the table */

	/* The manifest, when it is the one that was signed. */
	bool has_manifest;
	const char *manifest_why; /* signed and yet not of the form; NULL: fine */
	const char *rollback_why; /* nobody signed it to go back to this release; NULL: fine, or there is none */
	struct release_counts counts;
};

struct release_seals {
	struct release_seal *items; /* the judged one first */
	size_t count;
};

ASSAY_MUST_USE enum assay_status release_seal_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
