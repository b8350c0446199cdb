/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small programs of the catalogue, each right or wrong by one rule of a standard: what an analyser is shown before it is believed. Built
 * into the program from catalog/snippets/STANDARD/RULE/{bad,good}-SHAPE.c; lines at fault end in the comment "fault". A maker's own
 * stand in assay/snippets/ in the same way, for rules of the maker's own and for more of others.
 */
#pragma once

#include <assay/hash.h>
#include <base/arena.h>
#include <codec/sources.h>
#include <sca/plan.h>
#include <stdbool.h>
#include <stdint.h>

#define SCA_SNIPPET_FOLDER "assay/snippets/"
#define SCA_SNIPPETS_MAX 20000

/* A file of that folder: it is about code, and goes into no product. */
bool sca_is_snippet(const char *path);

struct sca_snippet {
	const char *name;     /* "cert-c/ARR30-C/bad-loop.c": its path where engines run, too */
	const char *standard; /* "cert-c" */
	const char *rule;     /* "ARR30-C" */
	bool bad;
	struct assay_span bytes;
	const uint32_t *faults; /* lines at fault, ascending, from 1; none in a good one */
	size_t fault_count;
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

struct sca_snippets {
	const struct sca_snippet *items; /* sorted by name */
	size_t count;
};

/*
 * Those that are built in, and those of a tree (NULL: none) whose bytes are there; of a name that both have, the tree's doesn't count.
 * ASSAY_E_INTERNAL for one built in that is neither bad nor good, a bad one without a line at fault, a good one with one; files of the
 * tree that are no snippets are passed over, and a bad one without a line at fault can't be caught.
 */
ASSAY_MUST_USE enum assay_status sca_snippets_load(const struct sources *tree, struct arena *arena, const struct sca_snippets **ret_snippets,
    struct assay_error *err);
/* Those of rules that a check of this engine is to enforce: what it is shown. */
ASSAY_MUST_USE enum assay_status sca_snippets_for(const struct sca_snippets *s, const struct plan *plan, const char *engine,
    struct arena *arena, struct sca_snippets *ret_some, struct assay_error *err);
/* The row of the plan for the rule that it shows; NULL: there is none. */
const struct plan_row *sca_snippet_row(const struct sca_snippet *s, const struct plan *plan);
/* The first of a rule, its others behind it; *ret_count 0 when it has none. */
const struct sca_snippet *sca_snippets_of(const struct sca_snippets *s, const char *standard, const char *rule,
    size_t *ret_count);
/* NULL: there is none of this name. */
const struct sca_snippet *sca_snippet_find(const struct sca_snippets *s, const char *name);
bool sca_snippet_is_fault(const struct sca_snippet *s, uint32_t line);
