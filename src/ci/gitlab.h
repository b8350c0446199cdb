/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GitLab CI, between its parts: files and their nodes, what includes, references and extensions make of them, when jobs run, and
 * how an outsider's text flows through them. Everything here lives in the arena of the root file and is gone with it.
 */
#pragma once

#include "work.h"

/* GitLab's own caps, and ours over all that one pipeline takes to resolve. */
#define GITLAB_INCLUDES_MAX 150u
#define GITLAB_INCLUDES_DEEP_MAX 30u
#define GITLAB_EXTENDS_MAX 11u
#define GITLAB_REFERENCES_MAX 10u
#define GITLAB_LISTS_MAX 10u
#define GITLAB_KEYS_MAX 5000u
#define GITLAB_CHILDREN_MAX 2u
#define GITLAB_WORK_MAX 4000000u

struct gl_pair;

/* Never changed once made, so that what is merged and referred to is shared. */
struct gl_node {
	enum yaml_kind kind;
	bool plain, block; /* of a block, line n of the text stands in line place.line + n - 1 */
	const char *tag;
	const char *text; /* of a scalar */
	struct ci_place place;
	const struct gl_pair *pairs; /* a sequence's have no key */
	size_t count;
};

struct gl_pair {
	const char *key;
	struct ci_place key_place;
	const struct gl_node *value;
};

/* One pipeline while it is resolved. */
/* A variable with an outsider's text that the job which starts a child pipeline hands to it. */
struct gl_passed {
	const char *name;
	const char *source; /* "CI_MERGE_REQUEST_TITLE" */
	struct ci_place place;
	const struct gl_passed *next;
};

struct gl {
	struct ci_work *w;
	struct ci_file *file;
	struct arena *arena;
	struct ci_pipeline *pipeline;
	const struct gl_node *root;
	size_t includes, work;
	unsigned children; /* how deep a child pipeline this is */
	const struct gl_passed *passed; /* to this child pipeline */
	const char *chain[GITLAB_INCLUDES_DEEP_MAX]; /* the files that are being read, each included by the one before */
	size_t chain_len;
	struct ci_shell shell; /* of the job that is read */
	bool stopped;      /* the work is used up: asked once */
};

/* ---- nodes (gitlab_node.c) ---- */

/* False when this pipeline has used up its work; asks that once. */
bool gl_work(struct gl *g, size_t amount);
const struct gl_node *gl_get(const struct gl_node *mapping, const char *key);
const struct gl_pair *gl_pair(const struct gl_node *mapping, const char *key);
/* The text of a scalar, NULL for anything else and for nothing. */
const char *gl_text(const struct gl_node *n);
bool gl_is_null(const struct gl_node *n);
bool gl_is_true(const struct gl_node *n);
/* "a" and ["a", "b"] alike: how many there are, and the one at index. */
size_t gl_count(const struct gl_node *n);
const struct gl_node *gl_item(const struct gl_node *n, size_t index);
enum assay_status gl_new(struct gl *g, const struct gl_node *like, size_t count, struct gl_node **ret_node,
    struct gl_pair **ret_pairs);
/* Mappings into each other, key by key; anything else of over takes the place of what was below. */
enum assay_status gl_merge(struct gl *g, const struct gl_node *below, const struct gl_node *over,
    const struct gl_node **ret_node);
/* The mapping without one key. */
enum assay_status gl_without(struct gl *g, const struct gl_node *n, const char *key, const struct gl_node **ret_node);
const char *gl_print(struct gl *g, const char *fmt, ...) ASSAY_PRINTF(2, 3);

/* ---- files (gitlab_file.c): inputs are filled in ---- */

/* given: the mapping of inputs, or NULL. *ret_node is NULL when the file can't be read, which is asked then. */
enum assay_status gl_load(struct gl *g, const struct source_file *source, const struct gl_node *given, bool root,
    const struct gl_node **ret_node);

/* ---- includes (gitlab_include.c) ---- */

enum assay_status gl_include(struct gl *g, const struct gl_node *n, const struct gl_node **ret_node);
/* What one "include" of a list or of a trigger brings; *ret_node is NULL when it isn't to be seen. */
enum assay_status gl_include_one(struct gl *g, const struct gl_node *item, const struct gl_node **ret_node);

/* ---- references and extensions (gitlab_resolve.c) ---- */

enum assay_status gl_resolve(struct gl *g);
bool gl_is_global(const char *key);
enum assay_status gl_check_default(struct gl *g);
/* A job with what "default" and "inherit" add. */
enum assay_status gl_default(struct gl *g, const struct gl_node *job, const struct gl_node **ret_job);

/* ---- when (gitlab_rules.c, gitlab_when.c) ---- */

enum gl_event {
	GL_BRANCH,
	GL_DEFAULT, /* a push to the default branch */
	GL_TAG,
	GL_MERGE_REQUEST,
	GL_SCHEDULE,
	GL_WEB,
	GL_TRIGGER,
	GL_EXTERNAL,
	GL_CHILD,
	GL_EVENTS,
};

#define GL_BIT(event) (1u << (event))

enum gl_truth { GL_FALSE, GL_MAYBE, GL_TRUE };

/* The value of an expression at an event; variables of job and of the pipeline are looked up in these mappings (or NULL). */
enum gl_truth gl_expression(const char *text, enum gl_event event, const struct gl_node *job, const struct gl_node *global,
    bool *ret_read);

struct gl_when {
	unsigned may, sure;         /* events at which it may run, and at which nothing keeps it from running */
	unsigned manual, may_fail;  /* events at which a person starts it; at which its failure stops nothing */
	unsigned always;            /* events at which it runs whatever failed before */
	const char *maybe;          /* the condition at a tag that may or may not hold, or NULL */
	struct ci_place may_fail_place;
};

enum assay_status gl_when(struct gl *g, const struct gl_node *job, struct gl_when *ret_when);
extern const char *const gl_event_names[GL_EVENTS];

/* ---- parts of others (gitlab_refs.c) ---- */

enum assay_status gl_images(struct gl *g, const struct gl_node *job, struct ci_job *j);
enum assay_status gl_ref_include(struct gl *g, enum ci_ref_kind kind, const char *text, const char *version,
    struct ci_place at);

/* ---- outsiders' text (gitlab_flow.c) ---- */

/* Where a name comes from which an outsider writes, or NULL: "the title of a merge request". */
const char *gl_outsiders(const char *variable);
/* The first variable of text ("$A", "${A}") that an outsider writes, by itself or through variables of job and pipeline. */
const char *gl_find_outsiders(struct gl *g, const char *text, const struct gl_node *job);

struct gl_job {
	const char *name;
	const struct gl_node *node;
	struct gl_when when;
	struct ci_job *model;
	unsigned stage;
};

enum assay_status gl_flow(struct gl *g, struct gl_job *jobs, size_t count);
