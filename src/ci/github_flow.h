/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following outsiders' texts and code through a job. A trace says where something tainted stands and where it came from.
 */
#pragma once

#include "command.h"
#include "github_reach.h"

enum taint_class { TAINT_TEXT = 1, TAINT_CODE = 2 };

struct trace {
	const struct trace *from; /* NULL: the source */
	const char *what;
	struct ci_place place;
	const char *subject;      /* of the source: "github.event.issue.title" */
	enum ci_way_kind kind;    /* of a way that begins here */
};

/* Something in a job that holds what is tainted. */
struct mark {
	const char *name;          /* variable; or "step.output", "step." for all outputs of a step */
	const struct trace *trace;
	struct mark *next;
};

/* A job as it runs when this trigger sets it off and these callers lead to it. */
struct scope {
	struct flow *flow;
	const struct ci_job *job;
	const struct ci_trigger *by;
	const struct scope *caller;       /* whose with-values are our inputs, or NULL */
	const struct ci_variable *with;   /* of the caller's job or step */
	unsigned depth;
	const struct ci_step *step;       /* that is looked at */
	struct mark *env;                 /* set by environment files */
	struct mark *outputs;             /* of steps */
	const struct trace *tree;         /* an outsider's code lies in the work folder */
	const struct trace *artifact;     /* files of another run lie there */
};

/* Outputs of jobs of which we know: for "needs". */
struct job_outputs {
	const struct ci_job *job;
	const char *name;
	const struct trace *trace;
	struct job_outputs *next;
};

struct flow {
	struct ci_work *w;
	struct arena *scratch;
	struct job_outputs *outputs;
	size_t budget;    /* of jobs that are followed */
	size_t ways;
	size_t pieces;    /* of expressions that are looked at */
	size_t query;     /* the same, for the answer that is looked for */
	bool cut;         /* something was left out */
	bool report;      /* the last round */
	enum assay_status status;
};

struct trace *trace_new(struct flow *f, const struct trace *from, struct ci_place at, const char *fmt, ...) ASSAY_PRINTF(4, 5);
/* The trace of an expression text with braces or of a whole text with several; NULL: not tainted. */
const struct trace *taint_text(struct scope *s, const char *text, struct ci_place at, unsigned classes, unsigned depth);
const struct trace *taint_variable(struct scope *s, const char *name, unsigned depth);
/* Adds a way that ends here, unless one from the same source does. */
void flow_way(struct scope *s, enum ci_way_kind kind, const struct trace *t, struct ci_place sink, const char *subject,
    const char *what);
/* Follows a script: environment files, outputs, evaluated texts. */
void flow_script(struct scope *s, const struct ci_step *step);
void mark_add(struct flow *f, struct mark **list, const char *name, const struct trace *t);

/* ---- scripts ---- */

struct script {
	struct scope *s;
	const struct ci_step *step;
	struct mark *local; /* variables of the script */
	bool coarse;        /* also what may be an outsider's: the event's payload, what gh fetches */
};

const struct trace *script_word(struct script *x, const struct shell_word *w);
const struct trace *script_command(struct script *x, const struct shell_command *c);
struct ci_place script_place(const struct script *x, const struct shell_command *c);
/* Whether what the command prints may have been written by an outsider. */
bool script_fetches(const struct shell_command *c);
/* Asks about texts that can't be followed further, and about code that is brought in unseen. */
void flow_doubt(struct scope *s, const struct ci_step *step);
