/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the judges of coding standards and analysis share: the plan in force, the files of HEAD that are code, and what engines did.
 */
#pragma once

#include <evidence/analysis.h>
#include <evidence/tree.h>
#include <judge/judge.h>
#include <sca/finding.h>
#include <sca/import.h>
#include <sca/language.h>
#include <sca/own.h>
#include <sca/plan.h>

/* Branches of #if and the like in a file that a unit reads. */
struct code_branches_seen {
	uint32_t all;       /* that hold something */
	uint32_t not_built; /* of them, those that the plan says aren't built */
	uint32_t missed;    /* those that no unit reads, and the plan doesn't name */
	unsigned first;     /* line of the first of these */
	const char *unread; /* why it isn't known; NULL */
};

/* A file of HEAD that is code by its name, or because a unit reads it. */
struct code_file {
	const struct source_file *file;
	const struct sca_language *language;
	const struct plan_exclude *exclude; /* NULL: in scope */
	bool disguised;      /* its name doesn't say that it is code */
	const char *left;    /* why engines weren't given it; NULL */
	size_t units;        /* that compile it */
	size_t failed;       /* of them, those that the compiler didn't read to their end, or that no engine was given */
	bool included;       /* a unit that compiles reads it */
	struct code_branches_seen branches;
	struct sca_own_look own; /* of the own engine, if the plan names it */
};

enum code_look { CODE_NOT_LOOKED, CODE_LOOKED, CODE_LOOK_FAILED };

/* A report from elsewhere. */
struct code_import {
	const struct import *x;
	const char *language;     /* of its plants: "c++" */
	const char *code, *why;   /* why nothing of it counts: "import-of-another-commit"; NULL: it is bound to HEAD's commit */
	const char *stumbled;     /* an error that it tells of itself, and of no file; NULL */
	unsigned char *looks;     /* of each file of code: enum code_look, by the runs that count */
};

/* What a report's plants show of the checks of a row. */
enum code_planted {
	CODE_NO_PLANTS,    /* none is of a weakness that the rule is about */
	CODE_PLANT_MISSED,
	CODE_TWIN_FLAGGED,
	CODE_PLANTS_SHOWN,
};

/* An engine that the plan's rows name. */
struct code_engine {
	const char *name;
	bool inside;                       /* it is no program: it looks when the facts are judged */
	bool imported;                     /* it is run elsewhere, and its report has to be brought: "import:codeql" */
	const struct analysis_engine *ran; /* NULL: the record doesn't name it */
	struct sca_options options;        /* derived again from the plan */
	const char *blind;                 /* a check of the own engine's that the plan names, and that judges nothing; NULL */
	struct code_import *imports;       /* its reports, one a language of plants */
	size_t import_count;
	bool *standards;                   /* of the plan, in its order: those of which a row names it */
	const char *refused;               /* why nothing can be derived; NULL */
	struct sca_looked looked;          /* at HEAD's files */
	struct sca_shown_by shown;         /* over the snippets */
};

struct code_base {
	const struct tree *tree;
	const struct analysis *run;    /* NULL: no such evidence */
	struct plan plan;
	const char *const *checks;     /* of all its rows, "ENGINE/CHECK" */
	size_t check_count;
	struct sources folder;         /* records of the policy folder, as they are in force */
	const struct standards *standards;
	const struct sca_snippets *snippets;
	struct code_file *files;       /* in the order of the tree */
	size_t file_count;
	size_t submodules;             /* whose code isn't in the tree */
	struct code_engine *engines;
	size_t engine_count;
	bool imported;                 /* the plan names checks of analysers that are run elsewhere */
	struct sca_demo *demos;        /* one a row of the plan with checks, in its order */
	size_t demo_count;
};

/*
 * The plan in force, and what is told of it, worked out once for all judges; v has the open question when there is none (*ret_base NULL): "no-plan", or that the
 * analysis was made of another commit or by another plan.
 */
ASSAY_MUST_USE enum assay_status code_base_read(const struct judge_context *c, struct control_verdict *v,
    const struct code_base **ret_base, struct assay_error *err);
/* Whether an analysis is of the tree's commit; whether it was made by these bytes of a plan. */
bool code_run_is_of(const struct analysis *run, const struct tree *tree);
bool code_run_is_by(const struct analysis *run, struct assay_span plan);
/* The file of this path, or NULL. */
const struct code_file *code_file_find(const struct code_base *b, const char *path);
/* Of a rule, by its standard, or by the plan for one of the maker's own. */
enum standard_severity code_severity(const struct code_base *b, const struct plan_standard *standard, const struct plan_row *row);
/*
 * What engines reported about HEAD's files by the checks of the plan, each once, sorted by place. What stands outside of the tree, and
 * what the plan leaves out, isn't among them.
 */
ASSAY_MUST_USE enum assay_status code_seen(const struct judge_context *c, const struct code_base *b, struct sca_seen **ret_seen,
    size_t *ret_count, struct assay_error *err);
/* Whether a file of this language is one that C's and C++'s engines look at; else a report from elsewhere has to. */
bool code_is_c(const struct sca_language *l);

/* ---- code_imports.c ---- */

/* Whether the plan has the engine look at files of this language. */
bool code_engine_reads(const struct code_base *b, const struct code_engine *e, const struct sca_language *l);
/* What the reports of an imported engine in the file's language say about it. */
enum code_look code_import_look(const struct code_base *b, const struct code_engine *e, const struct code_file *f);
/* It is bound, and some run in it shows its plants. */
bool code_import_counts(const struct code_import *m);
/* Says so when nothing of it counts, or one of its runs doesn't: of a run as a gap when gap says so. */
ASSAY_MUST_USE enum assay_status code_import_doubts(const struct judge_context *c, struct control_verdict *v, const struct code_engine *e,
    const struct code_import *m, bool gap, bool *ret_told, struct assay_error *err);
enum code_planted code_import_shows(const struct code_base *b, const struct code_import *m, const struct plan_standard *standard,
    const struct plan_row *row);
bool code_standard_has(const struct plan_standard *s, const char *language);
/* Whether a check of a row was shown to work: by snippets here, by plants elsewhere. */
bool code_check_works(const struct code_base *b, const struct sca_demo *d, size_t check);
