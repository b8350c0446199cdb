/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "code-analysis": what analysers said about HEAD's files, and about snippets of which it is known what they should say. Members:
 *
 *   code/format          as git/format
 *   code/head            as git/head
 *   code/run             canonical JSON (schemas/code-run.json): sandbox, engines, units, files left out, snippets
 *   code/output/ENGINE   raw output over HEAD's files, as sca/output.h frames it
 *   code/shown/ENGINE    the same over the snippets
 *   code/tried/ENGINE    the same over files without what silences this engine in them, as the record tells
 *
 * It is the maker's word that these programs ran on these files: asserted. What they said is read again by whoever judges. Without a
 * plan in HEAD's tree nothing is run, and has_plan says so.
 */
#pragma once

#include <codec/gitobj.h>
#include <evidence/evidence.h>
#include <sca/ran.h>

#define ANALYSIS_KIND "code-analysis"
/* Run without a sandbox, because whoever ran it asked for that. */
#define ANALYSIS_CAGE_TRUSTED "trusted"
#define ANALYSIS_ENGINES_MAX 16
#define ANALYSIS_UNITS_MAX 100000
#define ANALYSIS_LIST_MAX 200000

struct analysis_part {
	const char *path;
	const char *sha256; /* hex */
};

struct analysis_engine {
	const char *name;
	bool found;          /* it is here, and can be used */
	const char *why;     /* when it can't; "" else */
	const char *version;
	const char *program;
	const char *digest;  /* hex, over its parts */
	const struct analysis_part *parts;
	size_t part_count;
	const char *options; /* hex digest of what it was given; "" when it wasn't run */
	const char *const *unknown; /* checks that the engine itself doesn't know */
	size_t unknown_count;
	struct sca_rans runs;  /* over HEAD's files */
	struct sca_rans shown; /* over the snippets */
	struct sca_rans tried; /* of the trials, in their order */
};

struct analysis_unit {
	const char *file;
	unsigned line;               /* of its entry in the database; 0 */
	const char *refused;         /* why no engine was given it; "" when it was */
	const char *const *silencers; /* options that would have kept engines silent; they were dropped */
	size_t silencer_count;
	const char *const *headers;  /* files of the tree that compiling it reads, sorted */
	size_t header_count;
	bool compiles;               /* the compiler read it to its end */
	const char *why;             /* when not; "" else */
};

/* Branches of #if and the like that units that compile read, of a file of the tree: where they begin. */
struct analysis_seen {
	const char *file;
	const unsigned *lines; /* in order */
	size_t count;
};

struct analysis_left {
	const char *file;
	const char *why;
};

struct analysis_snippet {
	const char *name;
	const char *sha256; /* hex */
};

/* A mark that silences an engine, by its place. */
struct analysis_mark {
	unsigned line, column;
	const char *mark;
};

/* Runs over a file in which blanks stand for these marks. */
struct analysis_trial {
	const char *engine;
	const char *file;
	const char *sha256; /* hex, of the file as it was then */
	const struct analysis_mark *marks;
	size_t mark_count;
	unsigned first, runs; /* of the engine's tried */
};

struct analysis {
	bool has_head;
	struct oid commit;
	bool has_plan;
	const char *plan;      /* hex SHA-256 of assay/standard.yaml; "" without one */
	const char *cage;      /* "bubblewrap", "none", ANALYSIS_CAGE_TRUSTED */
	const char *cage_why;
	const char *units_from;
	const char *units_why; /* why there are none from there; "" else */
	struct analysis_engine *engines;
	size_t engine_count;
	const struct analysis_unit *units;
	size_t unit_count;
	const struct analysis_seen *seen; /* sorted by file; of one of which no branch was read there is none */
	size_t seen_count;
	const struct analysis_left *left; /* files of HEAD that no engine could be given */
	size_t left_count;
	const struct analysis_snippet *snippets;
	size_t snippet_count;
	const struct analysis_trial *trials;
	size_t trial_count;
};

ASSAY_MUST_USE enum assay_status analysis_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
const struct analysis_engine *analysis_engine_find(const struct analysis *a, const char *name);
