/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the reader of GitHub's files. */
#pragma once

#include "expr.h"
#include "github.h"

struct gh_checkout;

struct gh {
	struct ci_file *f;
	struct ci_work *w;
	struct ci_pipeline *pipeline;
	struct ci_job *job;   /* that is read, or NULL */
	struct gh_checkout *checkouts; /* of the job's steps, last first */
	size_t *lines;        /* where each line of the file begins */
	size_t line_count;
};

enum assay_status gh_open(struct ci_file *f, struct gh *ret_gh);

/* ---- reading by table: one row a key ---- */

typedef enum assay_status gh_key_reader(struct gh *g, const struct yaml_node *n, void *into);

struct gh_key {
	const char *name;
	gh_key_reader *read; /* NULL: known, and nothing in it matters */
};

/* what names the mapping in questions: "a job". Unknown keys are questions. */
enum assay_status gh_mapping(struct gh *g, const struct yaml_node *n, const char *what, const struct gh_key *keys,
    size_t count, void *into);
enum assay_status gh_wrong(struct gh *g, const struct yaml_node *n, const char *fmt, ...) ASSAY_PRINTF(3, 4);

/* ---- texts ---- */

/* Where offset of the node's text stands in the file. */
struct ci_place gh_place(const struct gh *g, const struct yaml_node *n, size_t offset);
/* Notes the secrets of a text's expressions, and asks about those that can't be read. */
enum assay_status gh_scan(struct gh *g, const struct yaml_node *n, enum ci_secret_at at, const char *variable);
/* The comment at the end of the node's line, or NULL. */
enum assay_status gh_comment(struct gh *g, const struct yaml_node *n, const char **ret_comment);
/* Name and value of each scalar of a mapping. */
enum assay_status gh_variables(struct gh *g, const struct yaml_node *n, enum ci_secret_at at,
    struct ci_variable **ret_first);
enum assay_status gh_variable(struct gh *g, struct ci_variable **first, const char *name, const struct yaml_node *value);
/* A checkout, with the mapping of what it is given; gh_checkouts() looks at them once all steps of the job are read. */
enum assay_status gh_checkout(struct gh *g, const struct yaml_node *with, const struct ci_step *s);
enum assay_status gh_checkouts(struct gh *g);
/* Calls each for the text with the values of the matrix filled in; unseen: it can't be told beforehand. */
enum assay_status gh_expand(struct gh *g, const struct yaml_node *n,
    enum assay_status (*each)(struct gh *g, const char *text, struct ci_place at, bool unseen, void *into), void *into);
/* A condition: the key "if". */
enum assay_status gh_condition(struct gh *g, const struct yaml_node *n, const char **ret_text, struct ci_place *ret_place);

enum assay_status gh_permissions(struct gh *g, const struct yaml_node *n, void *into); /* struct ci_permissions */
enum assay_status gh_triggers(struct gh *g, const struct yaml_node *n, void *into);    /* struct ci_pipeline */
enum assay_status gh_jobs(struct gh *g, const struct yaml_node *n, void *into);        /* struct ci_pipeline */
enum assay_status gh_steps(struct gh *g, const struct yaml_node *n, void *into);       /* struct ci_job */
enum assay_status gh_image(struct gh *g, const struct yaml_node *n, struct ci_job *j);
enum assay_status gh_uses(struct gh *g, const struct yaml_node *n, enum ci_ref_kind kind, struct ci_ref **ret_ref);

/* ---- actions that are known by name ---- */

enum gh_trait {
	GH_CHECKOUT = 1,
	GH_CACHE = 2,        /* restores and saves */
	GH_CACHE_RESTORE = 4,
	GH_CACHE_SAVE = 8,
	GH_CACHE_INPUT = 16, /* caches when its input "cache" is set */
	GH_UPLOAD = 32,
	GH_DOWNLOAD = 64,
	GH_DOWNLOAD_OTHER = 128, /* from other runs, whatever its inputs say */
	GH_SCRIPT = 256,     /* its input "script" is code */
	GH_TEST = 512,
	GH_ANALYSIS = 1024,
	GH_ASSAY = 2048,
	GH_PUBLISH = 4096,
	GH_BUILDS = 8192,    /* runs code that lies in the work folder */
	GH_TAME = 16384,     /* reads or sets up, and runs nothing of the work folder */
	GH_FETCHES = 65536,  /* takes releases of the repository that it is told */
	GH_CACHE_DEFAULT = 32768, /* caches unless its input "cache" is false */
};
/* By name without version, in any case of letters; 0 for those that aren't known. */
unsigned gh_traits(const char *name);
/* Whether the action runs this input ("script"). */
bool gh_is_code_input(const char *action, const char *input);
/* Whether it takes it as a text alone; false for all inputs of actions that aren't known. A checkout's are followed elsewhere. */
bool gh_is_text_input(const char *action, const char *input);
