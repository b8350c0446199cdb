/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that bring the kind "code-analysis" share.
 */
#pragma once

#include "head_tree.h"

#include <code/suppress.h>
#include <engine/engine.h>
#include <evidence/analysis.h>
#include <sca/plan.h>

/* Largest file that engines are given, and all of them together. */
#define ANALYSIS_FILE_MAX ((size_t)32 << 20)
#define ANALYSIS_BYTES_MAX ((uint64_t)4 << 30)
/* Of files with marks that silence engines, kept for trials. */
#define ANALYSIS_KEPT_MAX ((size_t)64 << 20)

/* An engine that the plan names. */
struct analysis_ran {
	const struct engine *engine; /* NULL: the table has none of this name */
	const char *name;
	struct sca_options options;
	bool has_options;            /* what the plan asks of it can be turned into arguments */
	const char *why;             /* why it isn't run; NULL when it is */
	const char **unknown;        /* checks that it doesn't know */
	size_t unknown_count;
	struct buf output, shown, tried; /* own memory */
	size_t tried_count;          /* runs in tried */
};

/* Marks that were left out of a file, and the runs over it then. */
struct analysis_tried {
	const char *engine, *path;
	const struct suppression **marks;
	size_t mark_count;
	char sha256[2 * ASSAY_SHA256_SIZE + 1]; /* of the file without them */
	size_t first, runs;          /* of the engine's runs of trials */
};

struct analysis_fetch {
	const struct probe_context *c;
	struct store *s;
	struct arena *arena;
	struct tree tree;            /* its sources: HEAD's files, without bytes */
	struct object_set objects;
	const char **left;           /* one a file: why engines aren't given it, or NULL */
	struct assay_span plan_bytes; /* data NULL: HEAD has no plan */
	bool has_plan;               /* and it can be read */
	struct plan plan;
	const char *const *checks;   /* all that its rows name, "ENGINE/CHECK" */
	size_t check_count;
	struct engines engines;
	struct analysis_ran ran[ANALYSIS_ENGINES_MAX];
	size_t ran_count;
	struct sca_unit *units;
	struct engine_unit_facts *facts; /* one a unit; NULL: no compiler to ask */
	size_t unit_count;
	const char *units_why;       /* why there are none, or NULL */
	bool untracked;              /* HEAD has no database: the one that counts is what a build has left in the work tree */
	const struct sca_snippets *snippets;
	size_t kept_bytes;           /* of files that sources have, for trials */
	struct analysis_tried *trials;
	size_t trial_count, tried_runs, tried_bytes;
};

/* analysis_sources.c: one of HEAD's files, hashed again; data NULL when it isn't there, or not as its id says. */
enum assay_status analysis_read_file(struct analysis_fetch *f, const char *path, struct assay_span *ret_bytes,
    struct assay_error *err);
/* Gives all of HEAD's files to the server. */
enum assay_status analysis_give_sources(struct analysis_fetch *f, struct assay_error *err);
/* analysis_units.c: what is compiled, and how. */
enum assay_status analysis_find_units(struct analysis_fetch *f, struct assay_error *err);
/* analysis_trials.c: whether a file may hold a mark that an engine obeys; and the engines over files without their marks. */
bool analysis_may_silence(const char *path, struct assay_span bytes);
enum assay_status analysis_try_marks(struct analysis_fetch *f, struct assay_error *err);
/* analysis_record.c: the member code/run. */
enum assay_status analysis_write_record(const struct analysis_fetch *f, struct assay_span *ret_bytes,
    struct assay_error *err);
