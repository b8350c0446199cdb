/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys in bytes of any kind. What looks like the beginning of one is found by a table of marks, and counts for what a parser
 * makes of it: no word alone makes a finding. Nothing of a key is kept but digests of its public part.
 */
#pragma once

#include <assay/hash.h>
#include <assay/sshkey.h>
#include <stdbool.h>
#include <stdint.h>

enum leak_state {
	LEAK_KEY,       /* a private key that anybody can use */
	LEAK_ENCRYPTED, /* one that needs a passphrase */
	LEAK_BROKEN,    /* begins like one, and can't be read as such: somebody has to look */
	LEAK_UNSEEN,    /* what wasn't looked into: an archive of another kind, something too large */
};

/* A raw seed says not what it is a seed of: as many public keys can be made of it. */
#define LEAK_PUBLICS_MAX 4
#define LEAK_FINGERPRINT_SIZE 20

struct leak_hit {
	enum leak_state state;
	const char *form;    /* "pkcs8", "openssh", ...; of LEAK_UNSEEN what it is */
	uint64_t offset;     /* in the content, of what holds it */
	size_t public_count; /* what is known of its public part */
	unsigned char publics[LEAK_PUBLICS_MAX][ASSAY_SHA256_SIZE]; /* SHA-256 of the SubjectPublicKeyInfo */
	bool has_fingerprint;
	unsigned char fingerprint[LEAK_FINGERPRINT_SIZE]; /* of an OpenPGP key */
	unsigned char digest[ASSAY_SHA256_SIZE]; /* of the container's bytes, where no public part is known; else zero */
};

/* Most that are listed of one content; beyond, they are counted. */
#define LEAK_HITS_MAX 256

struct leak_found {
	struct leak_hit *items; /* own memory */
	size_t count;
	uint64_t more;
};

/* The table of marks, ready for search; shared by any number of threads. */
struct leak_finder;
ASSAY_MUST_USE enum assay_status leak_finder_new(struct leak_finder **ret_finder, struct assay_error *err);
void leak_finder_free(struct leak_finder **finder);
/*
 * Adds to found what stands in content, and in what is wrapped in it: base64, hexadecimal digits, arrays, UTF-16, gzip and ZIP, up to
 * LEAK_DEPTH_MAX in one another. The work is bounded by the content's size; what lies beyond is LEAK_UNSEEN.
 */
#define LEAK_DEPTH_MAX 4
ASSAY_MUST_USE enum assay_status leak_scan(const struct leak_finder *finder, struct assay_span content, struct leak_found *found,
    struct assay_error *err);
void leak_found_done(struct leak_found *found);
const char *leak_state_name(enum leak_state state);

/* SHA-256 of the SubjectPublicKeyInfo of an SSH key, as the hits have it; false when it has none. */
bool leak_public_of_ssh(const struct assay_pubkey *key, unsigned char ret_digest[ASSAY_SHA256_SIZE]);
/* The same of a SubjectPublicKeyInfo, written anew in the form that the hits' digests are of. */
bool leak_public_of_spki(struct assay_span spki, unsigned char ret_digest[ASSAY_SHA256_SIZE]);
