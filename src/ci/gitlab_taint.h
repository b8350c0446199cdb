/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between what is known of outsiders' text in a job (gitlab_taint.c), what scripts do with it (gitlab_flow.c) and what else of a
 * job it reaches (gitlab_sinks.c).
 */
#pragma once

#include "gitlab.h"

#include <codec/shell.h>

/* Names that hold an outsider's text in one job, and ways that are told of one job. */
#define GL_TAINTS_MAX 500u
#define GL_WAYS_MAX 50u
/* Files that hold one, of all jobs of a pipeline. */
#define GL_FILES_MAX 500u

struct gl_taint {
	const char *name;             /* of the variable */
	const char *how;              /* "kept in X"; NULL: GitLab sets it */
	const char *what;             /* of a source: "the title of a commit" */
	bool lines;                   /* may hold several lines */
	struct ci_place at;
	const struct gl_taint *from;  /* NULL for a source */
	const struct gl_taint *next;
};

/* A variable that a job hands to those after it by a file of "NAME=value" lines. */
struct gl_handed {
	const char *name;
	const struct gl_taint *taint;
	const struct gl_job *by;
	struct gl_handed *next;
};

/* A file that a job wrote an outsider's text into. */
struct gl_file {
	const char *name;
	const struct gl_taint *taint;
	const struct gl_job *by;
	struct gl_file *next;
};

struct gl_flow {
	struct gl *g;
	const struct gl_job *job;
	const struct ci_step *step;   /* that is looked at: for places */
	const struct gl_taint *taints;
	struct gl_handed *handed;
	struct gl_file *files;
	size_t taint_count, way_count, file_count;
};

/* What taints this name in the job, or NULL. */
const struct gl_taint *gl_taint_of(struct gl_flow *f, const char *name, struct ci_place at);
enum assay_status gl_taint_add(struct gl_flow *f, const char *name, const struct gl_taint *from, struct ci_place at,
    const char *how);
/* The first tainted variable in a configuration's text. */
const struct gl_taint *gl_taint_text(struct gl_flow *f, const char *text, struct ci_place at);
/* Every word's first tainted part; of text that the shell expands before anybody sees it. */
const struct gl_taint *gl_taint_parts(struct gl_flow *f, const struct shell_part *p);
const struct gl_taint *gl_taint_script(struct gl_flow *f, const struct shell_script *s);
/* What a command reads by "<", "<<" and "<<<". */
const struct gl_taint *gl_taint_redirected(struct gl_flow *f, const struct shell_command *c);
/* What the commands up to (and without) end put out. */
const struct gl_taint *gl_taint_pipe(struct gl_flow *f, const struct shell_command *from, const struct shell_command *end);
struct ci_place gl_flow_at(const struct gl_flow *f, unsigned line);
/* The whole way, with a mend to paste ("@" is the variable), or NULL. */
enum assay_status gl_flow_way(struct gl_flow *f, enum ci_way_kind kind, const struct gl_taint *t, struct ci_place at,
    const char *sink, const char *mend);

/* A command that writes a secret into what is kept. */
enum assay_status gl_kept(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c);
/* Where an outsider's text decides what a job is, not what it does: image, runner, environment. */
enum assay_status gl_sinks(struct gl_flow *f);
/* The way of a fork's code into a job that holds secrets; runners and caches that merge requests share with releases. */
enum assay_status gl_shared(struct gl *g, struct gl_job *jobs, size_t count);

/* Whether the files and variables of the other are there for the job. */
bool gl_takes_from(const struct gl_job *job, const struct gl_job *other);
/* Files (gitlab_written.c): those that a command writes an outsider's text to, and the text of one. */
enum assay_status gl_written(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c);
const struct gl_taint *gl_taint_file(const struct gl_flow *f, const struct shell_word *w);
/* The text of the file that the command runs as a script. */
const struct gl_taint *gl_taint_script_file(const struct gl_flow *f, const struct shell_command *c);
/* Asks what can't be followed (gitlab_doubt.c). */
enum assay_status gl_doubt(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c);
/* "export NAME=text"; *ret_named is a text that chooses the name, or NULL. */
enum assay_status gl_exported(struct gl_flow *f, const struct shell_command *c, const struct gl_taint **ret_named);
const struct gl_taint *gl_taint_counted(struct gl_flow *f, const struct shell_command *c);
const struct gl_taint *gl_taint_replaced(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c);
