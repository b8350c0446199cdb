/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the judges of coding standards and analysis share: the plan in force, the files of HEAD that are code, and what engines did.
 */
#pragma once

#include <evidence/analysis.h>
#include <evidence/tree.h>
#include <judge/judge.h>
#include <sca/finding.h>
#include <sca/language.h>
#include <sca/own.h>
#include <sca/plan.h>

/* A file of HEAD that is code by its name. */
struct code_file {
	const struct source_file *file;
	const struct sca_language *language;
	const struct plan_exclude *exclude; /* NULL: in scope */
	const char *left;    /* why engines weren't given it; NULL */
	size_t units;        /* that compile it */
	size_t failed;       /* of them, those that the compiler didn't read to their end, or that no engine was given */
	bool included;       /* a unit that compiles reads it */
	struct sca_own_look own; /* of the own engine, if the plan names it */
};

/* An engine that the plan's rows name. */
struct code_engine {
	const char *name;
	bool inside;                       /* it is no program: it looks when the facts are judged */
	bool imported;                     /* it is another one's, and its report would have to be brought */
	const struct analysis_engine *ran; /* NULL: the record doesn't name it */
	struct sca_options options;        /* derived again from the plan */
	const char *blind;                 /* a check of the own engine's that the plan names, and that judges nothing; NULL */
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
