/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canaries: small faulty programs and their sound twins, planted beside the code before an analyser runs that isn't run here. Its report
 * counts for the rules whose plants it shows. Each set is made for one run over one commit: what follows from its nonce and that
 * commit's id stands in names of files and in all identifiers, and says which file is which and on which line the fault stands. So what
 * another run, or a run over another commit, reported of its plants fits nowhere here.
 */
#pragma once

#include <assay/hash.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>
#include <stdint.h>

#define CANARY_VERSION 2
#define CANARY_NONCE_SIZE 16
#define CANARY_DIGITS 16 /* of what follows from nonce and commit, in names */
#define CANARY_FOLDER "assay-canaries-"
#define CANARY_FOLDER_MAX 1024
#define CANARY_PLANTS_MAX 100
#define CANARY_HEAD_LINES 40 /* most lines that are put in front of a plant */
#define CANARY_RECORD "assay-canaries.json"
#define CANARY_RECORD_MAX (256u << 10)

struct canary_plant {
	const char *file;     /* "canary_0123456789abcdef_07.c" */
	uint32_t cwe;
	bool bad;
	uint32_t line;        /* at fault; 0 in a sound one */
	struct assay_span bytes;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

struct canary_set {
	unsigned char nonce[CANARY_NONCE_SIZE];
	const char *commit; /* hex id of the commit beside whose files they stand; "": of none */
	const char *folder; /* where they stand, below the repository's root: "src/assay-canaries-0123456789abcdef"; "": not in one */
	unsigned char key[CANARY_NONCE_SIZE]; /* of nonce and commit */
	char digits[CANARY_DIGITS + 1];
	const char *language; /* a word of canary_languages */
	const struct canary_plant *plants; /* by file */
	size_t count;
	unsigned char digest[ASSAY_SHA256_SIZE]; /* of all files' names and digests */
};

/* "c", "cpp", "java", "csharp", "python", "js", "go"; ended by NULL. */
extern const char *const canary_languages[];

/*
 * The set of a nonce and a commit ("": none): the same one each time, in no folder yet. ASSAY_E_USAGE for what is no commit's id and,
 * naming them, for another language.
 */
ASSAY_MUST_USE enum assay_status canary_make(const unsigned char nonce[CANARY_NONCE_SIZE], const char *commit, const char *language,
    struct arena *arena, struct canary_set *ret_set, struct assay_error *err);
/* The record of what was planted: canonical JSON and a line end. */
ASSAY_MUST_USE enum assay_status canary_write(const struct canary_set *set, struct buf *out, struct assay_error *err);
/* Makes the set anew by its nonce; ASSAY_E_VERIFY when the record tells of another one than that. */
ASSAY_MUST_USE enum assay_status canary_read(struct assay_span json, const char *name, struct arena *arena,
    struct canary_set *ret_set, struct assay_error *err);
/* The plant that a path ends in; NULL: none. */
const struct canary_plant *canary_find(const struct canary_set *set, const char *path);
/* Whether a text names a plant, or what stands in one, of another nonce. */
bool canary_is_foreign(const struct canary_set *set, const char *text);
