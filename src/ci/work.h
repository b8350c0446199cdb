/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of pipelines share. */
#pragma once

#include <ci/model.h>
#include <codec/yaml.h>

struct ci_work {
	const struct sources *sources;
	struct arena *arena;      /* of the model */
	struct ci_model *model;
	struct assay_error *err;
	size_t kept;              /* bytes copied into the model */
};

/* How the shell that runs a script takes failures. */
struct ci_shell {
	bool pipefail; /* a pipeline fails with any of its commands, not with its last alone */
	bool errexit;  /* the script ends with a command that fails */
	bool goes_on;  /* the same shell runs more behind the script */
};

/* One file while it is read. YAML nodes are gone afterwards: what the model keeps is copied with ci_keep(). */
struct ci_file {
	struct ci_work *work;
	const struct source_file *source;
	const char *path;
	struct arena *arena;      /* freed with the file */
};

/*
 * One row a system. wants: by path alone. read: one file into the model; finish: once after all files, for what leads from one
 * file to another.
 */
struct ci_reader {
	bool (*wants)(const char *path);
	enum assay_status (*read)(struct ci_file *f);
	enum assay_status (*finish)(struct ci_work *w); /* or NULL */
};

extern const struct ci_reader ci_readers[];
extern const size_t ci_reader_count;

/*
 * Reads the file's YAML; documents are linked by next. *ret_root is NULL when it can't be read: the question is asked then, for
 * all controls.
 */
enum assay_status ci_yaml(struct ci_file *f, struct yaml_node **ret_root);

/* ---- building ---- */

/* A copy that lives as long as the model; "" for NULL. ASSAY_E_LIMIT when the model is full. */
enum assay_status ci_keep(struct ci_work *w, const char *text, const char **ret_text);
enum assay_status ci_printf(struct ci_work *w, const char **ret_text, const char *fmt, ...) ASSAY_PRINTF(3, 4);
/* Zeroed; ASSAY_E_LIMIT when the model is full. ret_node points to a pointer. */
enum assay_status ci_alloc(struct ci_work *w, size_t size, void *ret_node);

struct ci_place ci_at(const struct ci_file *f, const struct yaml_node *n);
struct ci_place ci_at_key(const struct ci_file *f, const struct yaml_node *n);

enum assay_status ci_ask(struct ci_work *w, unsigned controls, const char *code, struct ci_place at,
    const char *fmt, ...) ASSAY_PRINTF(5, 6);
enum assay_status ci_remark(struct ci_work *w, enum ci_remark_kind kind, struct ci_place at, const char *subject);
enum assay_status ci_pipeline_new(struct ci_file *f, enum ci_system forge, struct ci_pipeline **ret_pipeline);
/* Adds to the end of the pipeline's jobs. */
enum assay_status ci_job_new(struct ci_work *w, struct ci_pipeline *p, const char *name, struct ci_place at,
    struct ci_job **ret_job);
/* Adds to the end of the job's steps. */
enum assay_status ci_step_new(struct ci_work *w, struct ci_job *j, struct ci_place at, struct ci_step **ret_step);
enum assay_status ci_way_new(struct ci_work *w, enum ci_way_kind kind, const struct ci_job *job, const char *subject,
    struct ci_way **ret_way);
enum assay_status ci_way_hop(struct ci_work *w, struct ci_way *way, struct ci_place at, const char *fmt, ...)
    ASSAY_PRINTF(4, 5);

/* ---- parts of others ---- */

/* "name:tag@sha256:..." of the registries; appended to the model's refs. */
enum assay_status ci_image(struct ci_work *w, const char *text, struct ci_place at, struct ci_ref **ret_ref);
/* text is kept; the caller fills in kind, pin, name, version and why. */
enum assay_status ci_ref_new(struct ci_work *w, enum ci_ref_kind kind, const char *text, struct ci_place at,
    struct ci_ref **ret_ref);
/* 40 or 64 lower-case hex digits. */
bool ci_is_commit(const char *text);

/* ---- commands ---- */

/* What the text of a shell script does for the gates, and stops when it fails: enum ci_duty. command.h says more. */
unsigned ci_command_duties(const char *text);
