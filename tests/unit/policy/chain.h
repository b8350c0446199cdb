/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a policy folder with trust metadata in it, made by another hand (tests/tools/tufworld.h has the people). A sound one:
 * root of a, b and c, two decide, signed by a and b; targets of a and d; policy of b and c.
 */
#pragma once

#include <codec/sources.h>
#include <jansson.h>
#include <tufworld.h>

#define CHAIN_FILES 24

struct chain {
	struct source_file files[CHAIN_FILES]; /* sorted by path */
	size_t count;
};

#define CHAIN_POLICY "assay-policy: 1\n"
#define CHAIN_ROSTER "assay-roster: 1\npeople: []\n"

/* Puts a file into its place, or in that of the one that is there; path and bytes stay the caller's. */
struct source_file *chain_put(struct chain *c, const char *path, struct assay_span bytes);
void chain_text(struct chain *c, const char *path, const char *text);
void chain_take(struct chain *c, const char *path);
/* A new sound chain. */
struct chain chain_new(void);
/* Signs the files that lie there, those of trust/ and reviews/ left out, as this version, by the keys of these letters. */
void chain_sign(struct chain *c, int version, const char *letters);
/* targets.json of this version: "policy" is held by letters, threshold of whom decide; signed by a and d. */
void chain_delegate(struct chain *c, int version, const char *letters, int threshold);
struct sources chain_sources(const struct chain *c);
