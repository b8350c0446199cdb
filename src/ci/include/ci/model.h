/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipelines as a model: what sets a pipeline off and who can, its jobs and steps, what they may do, whose parts they take, where
 * they run, and the ways on which an outsider's text or code comes to be run. One model for all systems; a reader for each.
 *
 * Readers state facts. What is wrong with them is for the judges to say. What a reader doesn't understand it says by ci_ask().
 */
#pragma once

#include <base/arena.h>
#include <codec/sources.h>

/* All pipelines of a tree together. */
#define CI_FILES_MAX 20000u
#define CI_JOBS_MAX 200000u
#define CI_STEPS_MAX 1000000u
/* Bytes that the model keeps; what doesn't fit is a question. */
#define CI_BYTES_MAX (256u << 20)
/* Memory for one file while it is read. */
#define CI_FILE_ARENA (96u << 20)
/* Called pipelines and actions inside each other. */
#define CI_CALLS_MAX 10u
/* Hops of one way; a longer one is cut in the middle. */
#define CI_HOPS_MAX 16u

enum ci_system { CI_GITHUB, CI_GITLAB, CI_OTHER };

struct ci_place {
	const char *file;
	unsigned line, column; /* from 1; 0: the file as a whole */
};

/* ---- what sets a pipeline off ---- */

/* The least that somebody must be to set it off with content of their own. */
enum ci_who { CI_NOBODY, CI_MEMBER, CI_OUTSIDER };

struct ci_variable;

struct ci_trigger {
	const char *name; /* the system's own: "pull_request_target", "merge_request_event", "push" */
	struct ci_place place;
	enum ci_who who;
	bool privileged;  /* an outsider's run has the project's token, secrets or caches */
	bool release;     /* a tag or a release */
	struct ci_variable *after; /* names of the pipelines whose end sets it off */
	struct ci_trigger *next;
};

/* ---- rights ---- */

enum ci_access { CI_ACCESS_NONE, CI_ACCESS_READ, CI_ACCESS_WRITE };

struct ci_permission {
	const char *scope; /* "contents", "packages", "id-token" */
	enum ci_access right;
	struct ci_place place;
	struct ci_permission *next;
};

/* of a job: those in effect, the pipeline's when it states none. */
struct ci_permissions {
	bool stated;          /* false: the forge's settings decide */
	bool for_all;         /* one word for all scopes: all */
	enum ci_access all;
	struct ci_permission *first;
	struct ci_place place;
};

enum ci_secret_at {
	CI_SECRET_PIPELINE_ENV, /* every job and step has it */
	CI_SECRET_JOB_ENV,      /* every step of the job has it */
	CI_SECRET_STEP_ENV,
	CI_SECRET_INPUT,        /* handed to an action or a called pipeline by name */
	CI_SECRET_COMMAND,      /* pasted into the text of a command */
	CI_SECRET_CONDITION,
	CI_SECRET_CALL,         /* all, handed to a called pipeline: "secrets: inherit" */
	CI_SECRET_ELSEWHERE,
	CI_SECRET_DEFAULT,      /* given to every job that doesn't refuse it, and not named in this one */
};

struct ci_secret {
	const char *name;  /* "DEPLOY_TOKEN" */
	bool all;          /* every secret there is */
	bool computed;     /* its name is computed, so that every secret is handed over */
	bool token;        /* the job's own token, not a stored secret */
	enum ci_secret_at at;
	const char *variable; /* of an environment: the variable's name */
	bool everywhere;   /* of JOB_ENV: each step of the job names the variable; such a secret is no wider than its use */
	struct ci_place place;
	struct ci_secret *next;
};

/* ---- parts of others ---- */

enum ci_ref_kind { CI_REF_ACTION, CI_REF_PIPELINE, CI_REF_IMAGE, CI_REF_INCLUDE, CI_REF_COMPONENT, CI_REF_TEMPLATE, CI_REF_REPOSITORY };

enum ci_pin {
	CI_PIN_DIGEST,   /* full commit id or SHA-256 */
	CI_PIN_COMMIT_SHORT,
	CI_PIN_NAME,     /* tag, branch, version */
	CI_PIN_NOTHING,  /* no version at all */
	CI_PIN_UNSEEN,   /* can't be told from the tree: why says so */
	CI_PIN_OWN,      /* of this tree: its commit says what runs */
};

struct ci_ref {
	enum ci_ref_kind kind;
	enum ci_pin pin;
	const char *text;     /* as written, or as computed from a matrix: "actions/checkout@v4" */
	const char *name;     /* without version: "actions/checkout" */
	const char *version;  /* "v4", the digest, or NULL */
	const char *comment;  /* the comment behind a digest, trimmed, or NULL */
	const char *why;      /* of CI_PIN_UNSEEN */
	const char *mend;     /* lines to paste; NULL: the usual NAME@DIGEST */
	struct ci_place place;
	struct ci_ref *next;     /* of the same job */
	struct ci_ref *next_all; /* of the model */
};

/* ---- jobs ---- */

struct ci_variable {
	const char *name;
	const char *value;
	struct ci_place place;   /* of the value */
	struct ci_variable *next;
};

enum ci_runner_kind {
	CI_RUNNER_HOSTED, /* the forge's own, one job each */
	CI_RUNNER_OWN,
	CI_RUNNER_GROUP,  /* a group whose members the tree doesn't tell */
	CI_RUNNER_UNSEEN, /* computed, or missing: what says */
};

struct ci_runner {
	enum ci_runner_kind kind;
	const char *label; /* "self-hosted" */
	struct ci_place place;
	struct ci_runner *next;
};

enum ci_cache_use { CI_CACHE_RESTORE = 1, CI_CACHE_SAVE = 2 };

struct ci_cache {
	unsigned use;      /* of enum ci_cache_use */
	const char *key;   /* as written; NULL when the part that caches makes its own */
	const char *by;    /* "actions/cache", "actions/setup-node" */
	struct ci_place place;
	struct ci_cache *next;
};

struct ci_artifact {
	const char *name;   /* NULL: all, or a default */
	bool download;
	bool other_run;     /* of a download: from a run other than this one */
	struct ci_place place;
	struct ci_artifact *next;
};

enum ci_step_kind { CI_STEP_COMMAND, CI_STEP_ACTION };

/* What a step does for the gates of a release, as its commands and actions say. */
enum ci_duty { CI_DUTY_TEST = 1, CI_DUTY_ANALYSIS = 2, CI_DUTY_ASSAY = 4, CI_DUTY_PUBLISH = 8 };

struct ci_pipeline;

struct ci_step {
	enum ci_step_kind kind;
	const char *name;    /* its id or name, or NULL */
	const char *command; /* of CI_STEP_COMMAND: the text, before anything is filled in */
	bool command_block;  /* line n of the text stands in line command_place.line + n - 1; else all in one line */
	struct ci_place command_place;
	struct ci_ref *uses; /* of CI_STEP_ACTION */
	const struct ci_pipeline *action; /* the same when it is in this tree */
	struct ci_variable *env, *with;
	struct ci_variable *pieces; /* expressions in what is run: name "run" or an input's, value "${{ ... }}" */
	const char *condition;
	struct ci_place condition_place;
	bool may_fail;       /* its failure doesn't stop the job */
	struct ci_place may_fail_place;
	unsigned duties;     /* of enum ci_duty: its failure stops the job, unless may_fail */
	unsigned soft_duties;/* the same, but the failure is swallowed */
	const char *runs;    /* the first of its commands that runs what lies in the work folder, or NULL */
	unsigned runs_line;  /* in the text of the command, from 1 */
	const char *fetches; /* its command that takes a pull request's code into the work folder, or NULL */
	unsigned fetches_line;
	bool unread;         /* a command in a language that isn't read */
	bool pushes, talks;  /* uses the credentials of the checkout; speaks to the forge or others */
	bool checkout;       /* takes a commit into the work folder */
	bool keeps_credentials; /* of a checkout: its token stays on disk */
	const char *checkout_ref; /* as written, or NULL: what set the pipeline off */
	const char *shell;
	struct ci_place place;
	struct ci_step *next;
};

struct ci_need {
	const char *name;
	struct ci_place place;
	const struct ci_job *job; /* NULL: no such job */
	struct ci_need *next;
};

struct ci_job {
	const char *name;
	struct ci_place place;
	const struct ci_pipeline *pipeline;
	struct ci_permissions permissions;
	struct ci_runner *runners;   /* more than one: a matrix, or alternatives */
	struct ci_ref *images;       /* container and services */
	struct ci_variable *env;
	struct ci_step *steps, *last_step;
	size_t step_count;
	struct ci_secret *secrets;
	struct ci_cache *caches;
	struct ci_artifact *artifacts;
	struct ci_need *needs;
	const char *environment;     /* NULL: none */
	const char *condition;
	struct ci_place condition_place;
	unsigned soft_duties;
	bool may_fail, manual;       /* its failure stops nothing; it waits for a person */
	struct ci_place may_fail_place;
	struct ci_variable *outputs;
	struct ci_variable *matrix;  /* one a value: name is its key, "os" or "config.os" */
	size_t matrix_count;
	bool matrix_computed;        /* there are values that the tree doesn't tell */
	struct ci_variable *with;    /* what a called pipeline is given */
	struct ci_ref *calls_ref;    /* a pipeline that it calls */
	const struct ci_pipeline *calls; /* the same when it is in this tree */
	uint32_t reach;              /* bit n: the pipeline's trigger n (of the first 32) can lead here */
	bool always;                 /* its condition asks for it even after a failure: it waits for nobody's success */
	enum ci_who who;             /* who can have it run, by triggers and conditions */
	const struct ci_trigger *by; /* the trigger that gives who */
	bool privileged;             /* ... with the project's rights */
	bool release;                /* runs for a tag or release, or publishes */
	unsigned duties;             /* of its steps */
	struct ci_job *next;
};

struct ci_pipeline {
	enum ci_system forge;
	const char *file;
	const char *name;
	bool callable;               /* other pipelines call it; its callers decide who sets it off */
	struct ci_variable *inputs;  /* of what is called: value is the default, or NULL */
	struct ci_variable *outputs;
	bool action;                 /* an action: its one job has the steps, and its callers decide everything else */
	struct ci_trigger *triggers;
	struct ci_permissions permissions;
	struct ci_variable *env;
	struct ci_secret *secrets;   /* of the pipeline's environment */
	struct ci_job *jobs, *last_job;
	size_t job_count;
	struct ci_pipeline *next;
};

/* ---- ways ---- */

enum ci_way_kind {
	CI_WAY_TEXT,         /* an outsider's text is pasted into a command */
	CI_WAY_CODE,         /* an outsider's code is checked out and run */
	CI_WAY_ARTIFACT,     /* an artifact of an unprivileged run is run, or decides what is */
	CI_WAY_ENVIRONMENT,  /* an outsider's text is written where it sets variables of later steps */
	CI_WAY_CACHE,        /* a cache that outsiders' jobs write is read by a release */
	CI_WAY_KINDS,
};

struct ci_hop {
	const char *what; /* "written by whoever opens the pull request", "kept in output 'title'", "run by the shell" */
	struct ci_place place;
	struct ci_hop *next;
};

/* From its source to its sink. */
struct ci_way {
	enum ci_way_kind kind;
	const struct ci_job *job; /* where it ends */
	const struct ci_trigger *by; /* what sets it off */
	const char *subject;      /* "github.event.issue.title", "npm install" */
	struct ci_hop *first, *last;
	size_t hops;
	const char *mend;         /* lines to paste, or NULL */
	struct ci_way *next;
};

/* ---- remarks: single places that one control asks about ---- */

enum ci_remark_kind {
	CI_REMARK_ALWAYS_TRUE,      /* a condition with text around its expression */
	CI_REMARK_DEBUG,            /* debug logging on: subject is the variable */
	CI_REMARK_UNSAFE_COMMANDS,  /* the log may set variables */
	CI_REMARK_ACTOR_GUARD,      /* a condition that trusts a name which anybody can come to stand behind */
	CI_REMARK_SHARED_RUNNER,    /* releases run where merge requests do: subject is the job of these */
	CI_REMARK_KEPT_SECRET,      /* a secret is written into an artifact or a cache: subject is its variable */
	CI_REMARK_KINDS,
};

struct ci_remark {
	enum ci_remark_kind kind;
	const char *subject;
	struct ci_place place;
	struct ci_remark *next;
};

/* ---- what could not be judged ---- */

enum ci_control { CI_PINNED = 1, CI_PRIVILEGE = 2, CI_UNTRUSTED = 4, CI_RUNNER = 8, CI_GATES = 16, CI_ALL = 31 };

struct ci_question {
	unsigned controls; /* of enum ci_control: whom it keeps from passing */
	const char *code;  /* kebab-case, of the finding */
	const char *what;
	struct ci_place place;
	struct ci_question *next;
};

struct ci_model {
	struct ci_pipeline *pipelines, *last_pipeline;
	struct ci_ref *refs, *last_ref; /* all parts of others, by next_all */
	struct ci_way *ways, *last_way;
	struct ci_remark *remarks, *last_remark;
	struct ci_question *questions, *last_question;
	size_t files, jobs, steps, ref_count, command_count;
};

/*
 * All pipelines among the sources. What can't be read becomes a question; a status other than ASSAY_OK means that memory is used
 * up or a cap over everything is reached.
 */
ASSAY_MUST_USE enum assay_status ci_parse(const struct sources *s, struct arena *arena,
    const struct ci_model **ret_model, struct assay_error *err);
/* Whether ci_parse() wants the bytes of a file of this path. */
bool ci_wants(const char *path);
