/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attacks that a drill tries on copies of a release, and what each must be rejected as: one table for who tries and who judges.
 */
#pragma once

#include <assay/release.h>
#include <stdbool.h>

#define ATTACK_CODES_MAX 3

/* What a release must have so that the attack can be tried at all; bits. */
#define ATTACK_ALWAYS 0u
#define ATTACK_LINKS 1u
#define ATTACK_FOLDERS 2u
#define ATTACK_EXECUTABLES 4u
#define ATTACK_TREE 8u      /* more than one file by itself */
#define ATTACK_FILES 16u    /* two files */
#define ATTACK_OPTIONAL 32u /* nobody can be asked for it: it takes root, or somebody who isn't, or a certain shape of the release */

/*
 * Whether the product's own updater or boot check must refuse the copy as well. It needn't where nothing of what is altered comes to be
 * installed or run, or where it can't know: capabilities that no delivery carries, an empty folder, papers and strange files beside the
 * release, blanks behind its metadata, a first root that is built in, a manifest that is signed and merely not in the canonical form, the
 * second of two digests, a clock that nobody set, a mode by which the drill's own user alone is kept out, and a file in the place of a
 * folder, which is no delivery.
 */
enum attack_target { TARGET_MUST, TARGET_MAY };

enum attack_kind { ATTACK_ON_TREE, ATTACK_ON_SEAL, ATTACK_ON_KEYS, ATTACK_ON_ROOT, ATTACK_ON_PAST, ATTACK_KINDS };

struct attack {
	const char *name;
	const char *words; /* what is done to the copy */
	enum attack_kind kind;
	unsigned need;
	enum attack_target target;
	enum assay_release_code codes[ATTACK_CODES_MAX]; /* any of these; ASSAY_RELEASE_OK where there are fewer */
};

extern const struct attack attacks[];
extern const size_t attack_count;

/* On what, in words. */
const char *attack_kind_words(enum attack_kind kind);
/* NULL for a name that isn't in the table. */
const struct attack *attack_find(const char *name);
/* Whether a rejection by this code is one for the attack's own reason. */
bool attack_expects(const struct attack *attack, const char *code);
