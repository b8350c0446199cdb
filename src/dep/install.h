/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "image.h"

#include <ci/model.h>
#include <codec/shell.h>

/* An ADD's sources, and the checksum that it names or NULL. */
ASSAY_MUST_USE enum assay_status install_add(struct docker *d, const struct docker_line *l,
    const char *sources, const char *checksum);
/* A RUN's text, options taken off, lines kept. */
ASSAY_MUST_USE enum assay_status install_run(struct docker *d, const struct docker_line *l,
    const char *text);
ASSAY_MUST_USE enum assay_status install_env(struct docker *d, const struct docker_line *l);
/* Files that are scripts, hold some, or say where packages come from. */
ASSAY_MUST_USE enum assay_status install_read_script(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status install_read_make(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status install_read_manifest(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status install_read_npmrc(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status install_read_pipconf(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status install_read_hooks(struct dep_work *w, const struct source_file *f);
/* Keeps what images a script takes and makes; images_check() judges them once all are read. */
ASSAY_MUST_USE enum assay_status install_images(struct dep_work *w, const struct shell_script *script, struct dep_place at, bool block);
struct shell_image;
ASSAY_MUST_USE enum assay_status install_image(struct dep_work *w, const struct shell_image *i, struct dep_place at);
ASSAY_MUST_USE enum assay_status images_check(struct dep_work *w);
/* What an action of a step is given: images, image files, scripts. */
ASSAY_MUST_USE enum assay_status install_action(struct dep_work *w, const struct ci_step *s);
/* The commands of all pipelines. */
ASSAY_MUST_USE enum assay_status install_pipelines(struct dep_work *w, const struct ci_model *ci);

/* What they take from elsewhere, listed. */
ASSAY_MUST_USE enum assay_status install_pipeline_parts(struct dep_work *w, const struct ci_model *ci);

/* ---- between its files ---- */

struct install {
	struct dep_work *w;
	struct dep_place at;    /* of the script's first line */
	bool block;             /* its lines are lines of the file */
	unsigned depth;         /* of scripts in scripts */
	size_t index;           /* of the command that is looked at, in the order of the text */
	size_t last_check;      /* of the last that checks a digest or a signature */
	size_t last_checkout;   /* of the last that goes to a commit by its full id */
	bool remote_added;      /* git knows another repository by now */
	enum assay_status status;
};

/* Text that a shell runs. */
ASSAY_MUST_USE enum assay_status install_script(struct dep_work *w, struct assay_span text, struct dep_place at,
    bool block, unsigned depth);
/* One command: by the tables of programs. */
ASSAY_MUST_USE enum assay_status install_command(struct install *x, const struct shell_command *c,
    const struct shell_pipeline *in);
struct dep_place install_place(const struct install *x, const struct shell_command *c);
/* "NAME=value" that switches a check off. */
ASSAY_MUST_USE enum assay_status install_variable(struct dep_work *w, const char *name, const char *value,
    struct dep_place place);
/* Looks at a digest or a signature, and stops when it is another. */
bool install_is_check(const struct shell_command *c, const struct shell_pipeline *in);
bool install_is_checkout(const struct shell_command *c);
