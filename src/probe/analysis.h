/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that bring the kind "code-analysis" share.
 */
#pragma once

#include "head_tree.h"

#include <engine/engine.h>
#include <evidence/analysis.h>
#include <sca/plan.h>

/* Largest file that engines are given, and all of them together. */
#define ANALYSIS_FILE_MAX ((size_t)32 << 20)
#define ANALYSIS_BYTES_MAX ((uint64_t)4 << 30)

/* An engine that the plan names. */
struct analysis_ran {
	const struct engine *engine; /* NULL: the table has none of this name */
	const char *name;
	struct sca_options options;
	bool has_options;            /* what the plan asks of it can be turned into arguments */
	const char *why;             /* why it isn't run; NULL when it is */
	const char **unknown;        /* checks that it doesn't know */
	size_t unknown_count;
	struct buf output, shown;    /* own memory */
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
};

/* analysis_sources.c: one of HEAD's files, hashed again; data NULL when it isn't there, or not as its id says. */
enum assay_status analysis_read_file(struct analysis_fetch *f, const char *path, struct assay_span *ret_bytes,
    struct assay_error *err);
/* Gives all of HEAD's files to the server. */
enum assay_status analysis_give_sources(struct analysis_fetch *f, struct assay_error *err);
/* analysis_units.c: what is compiled, and how. */
enum assay_status analysis_find_units(struct analysis_fetch *f, struct assay_error *err);
/* analysis_record.c: the member code/run. */
enum assay_status analysis_write_record(const struct analysis_fetch *f, struct assay_span *ret_bytes,
    struct assay_error *err);
