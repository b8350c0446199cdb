/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "work.h"

ASSAY_MUST_USE enum assay_status pip_read_requirements(struct dep_work *w, const struct source_file *f);
/* Read for its form alone: a constraint installs nothing. */
ASSAY_MUST_USE enum assay_status pip_read_constraints(struct dep_work *w, const struct source_file *f);
/* What pip-compile makes requirements of. */
ASSAY_MUST_USE enum assay_status pip_read_input(struct dep_work *w, const struct source_file *f);

/* ---- between its two files ---- */

/* A line as pip sees it: joined, without comment. */
struct pip_line {
	const char *file;
	unsigned line;
	char *text;     /* up to the first option */
	char *options;  /* from the first option on, "" for none */
};

struct pip_reader {
	struct dep_work *w;
	const struct source_file *file;
	const char *folder;
	bool constraints;
};

/* Calls each for every line of f; ASSAY_E_FORMAT for what isn't text. */
ASSAY_MUST_USE enum assay_status pip_lines(struct pip_reader *r,
    enum assay_status (*each)(struct pip_reader *r, const struct pip_line *l));
/* The project's name that a requirement begins with, as PEP 503 has it: lower case, runs of '-', '_', '.' one '-'. NULL: none. */
char *pip_name(struct arena *arena, const char *text);
ASSAY_MUST_USE enum assay_status pip_requirement(struct pip_reader *r, const struct pip_line *l);
