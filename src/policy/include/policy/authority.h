/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has authorised the policy folder of a tree: its chain of trust metadata, from the first root to the signed policy state, held
 * against the files themselves. Pure; one function serves who signs, who judges and who audits. Format: assay-trust(5).
 */
#pragma once

#include <assay/tuf.h>
#include <base/arena.h>
#include <codec/sources.h>

#define AUTHORITY_FOLDER "assay/trust/"
/* Differences between a policy state and its files that are listed; the rest is counted. */
#define AUTHORITY_DIFFERENCES_MAX 32

enum authority_fault {
	AUTHORITY_HOLDS,       /* the files are those that the policy role signed */
	AUTHORITY_NO_ROOT,     /* the tree has no trust metadata */
	AUTHORITY_OTHER_ROOT,  /* its first root isn't the one that is pinned */
	AUTHORITY_BAD_ROOT,    /* a root that its own or the one before it doesn't vouch for, or a gap in the chain */
	AUTHORITY_BAD_TARGETS, /* who holds the delegated roles isn't settled by the root's targets role */
	AUTHORITY_NO_POLICY,   /* no policy role, or it signed nothing yet */
	AUTHORITY_BAD_POLICY,  /* policy.json isn't signed by enough people of the role */
	AUTHORITY_CHANGED,     /* files differ from those that were signed */
	AUTHORITY_UNREAD,      /* a file that is needed could not be read */
};
#define AUTHORITY_FAULTS 9

struct authority_difference {
	enum assay_tuf_difference what;
	const char *path;
};

struct authority {
	enum authority_fault fault;
	const char *why;  /* one clause for people; NULL when it holds */
	const char *file; /* what it is about, or NULL */
	char fingerprint[ASSAY_TUF_HEX_SIZE]; /* of the first root; "" when there is none */
	/* As far as the chain holds: what was not reached has version 0. */
	struct assay_tuf_meta root, targets, policy;
	int64_t expires;          /* the earliest of theirs */
	const char *expires_file; /* whose that is */
	unsigned char state[ASSAY_SHA256_SIZE]; /* the policy state's digest, once policy has a version */
	struct authority_difference differences[AUTHORITY_DIFFERENCES_MAX];
	size_t difference_count; /* kept */
	size_t difference_total;
};

/*
 * files: those of the tree, or only those below assay/. fingerprint: hex of the pinned first root, NULL to take the one that is
 * there. What is wrong with the files is a fault, no error; errors are of memory alone. Expiry is told, not judged.
 */
ASSAY_MUST_USE enum assay_status authority_read(const struct sources *files, const char *fingerprint,
    struct arena *arena, struct authority *ret_authority, struct assay_error *err);
/* "no-trust-root", "other-trust-root", ...: the code of a finding. */
const char *authority_fault_name(enum authority_fault fault);
/* The delegated role of this name, when targets reached so far. */
bool authority_role(const struct authority *a, const char *name, struct assay_tuf_role *ret_role);
