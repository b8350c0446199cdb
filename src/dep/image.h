/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "work.h"

ASSAY_MUST_USE enum assay_status docker_read(struct dep_work *w, const struct source_file *f);
/* Of a name that an image file may have: read if a line of it is a FROM. */
ASSAY_MUST_USE enum assay_status docker_read_likely(struct dep_work *w, const struct source_file *f);
/* Whether a file of this path is read as an image file. */
bool docker_named(const char *path);
/* An image file that is written behind this place of another file. */
ASSAY_MUST_USE enum assay_status docker_read_text(struct dep_work *w, struct assay_span text, struct dep_place place);
ASSAY_MUST_USE enum assay_status compose_read(struct dep_work *w, const struct source_file *f);

struct yaml_node;
/* One document that has services. */
ASSAY_MUST_USE enum assay_status compose_document(struct dep_work *w, const char *file, const struct yaml_node *root);
/* YAML of any name: manifests of Kubernetes, settings of Kustomize and Helm, services. Others are left alone. */
ASSAY_MUST_USE enum assay_status manifest_read(struct dep_work *w, const struct source_file *f);

/* A reference to an image that is taken from a registry: judged, and listed by its name in full. */
ASSAY_MUST_USE enum assay_status image_check(struct dep_work *w, const char *ref, struct dep_place place);

/* Lists it without judging it. */
ASSAY_MUST_USE enum assay_status image_refer(struct dep_work *w, const char *ref, struct dep_place place);

/* ---- between the files that read image files ---- */

#define DOCKER_STAGES_MAX 1000
#define DOCKER_ARGS_MAX 1000

/* One instruction with its continuation lines. */
struct docker_line {
	const char *word; /* "FROM", in upper case */
	const char *rest; /* behind it, in one line */
	const char *raw;  /* the same, with "\\\n" where lines were joined, so that places hold */
	const char *heredoc; /* body of its first here-document, or NULL */
	unsigned line;
	unsigned heredoc_line;
};

struct docker_arg {
	const char *name;
	const char *value; /* NULL: given at build time alone */
};

struct docker {
	struct dep_work *w;
	const char *file;
	const char *stages[DOCKER_STAGES_MAX]; /* names, lower case, "" for none */
	size_t stage_count;
	struct docker_arg args[DOCKER_ARGS_MAX];
	size_t arg_count;
	bool other_shell; /* SHELL names one that isn't read here */
	unsigned lines_before; /* in the file, when it is part of another */
};

/* Splits a file into instructions; first the directives: calls syntax() for a frontend's image. */
ASSAY_MUST_USE enum assay_status docker_lines(struct docker *d, struct assay_span bytes,
    enum assay_status (*each)(struct docker *d, const struct docker_line *l),
    enum assay_status (*syntax)(struct docker *d, const char *image, unsigned line));
/* What text is when the global arguments stand in it; NULL when that can't be told. Quotes are taken off. */
char *docker_expand(struct docker *d, const char *text);
/* Takes the next word off *at (blanks part them, quotes hold them together); NULL at the end. */
char *docker_word(struct arena *arena, const char **at);
