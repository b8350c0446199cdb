/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that a build starts, whatever file says so: those that fetch, and the tree's own scripts, which are read for such.
 */
#pragma once

#include "work.h"

#define STARTED_WORDS_MAX 256

/* One word of a command. text NULL: it can't be told; raw is how it was written, or NULL. */
struct started_word {
	const char *text;
	const char *raw;
};

struct started {
	struct started_word words[STARTED_WORDS_MAX];
	size_t count;
	const char *folder; /* of the file that starts it, "" or with '/' */
	struct dep_place place;
};

/* What a path of the tree begins with, once it is known to be one. */
#define STARTED_TREE "<tree>/"

void started_add(struct started *s, const char *text, const char *raw);
ASSAY_MUST_USE enum assay_status started_check(struct dep_work *w, const struct started *s);
/* The file of the tree that a word may mean, or NULL. */
const struct source_file *started_find(const struct dep_work *w, const char *folder, const char *text);
/* Whether a program of this name, with what may be its verb, fetches; all of words may be NULL but for those up to count. */
bool started_fetches(const char *const *words, size_t count);

/*
 * Whether a file is Python that can be seen to start and fetch nothing: all it imports are modules that don't, or files of the tree
 * of which the same can be said, and nothing in it leads to others. If not, what leads to others and where.
 */
#define PYTHON_DEPTH_MAX 8
#define PYTHON_FILES_MAX 200
struct python_doubt {
	const char *what; /* NULL: none */
	const char *file;
	unsigned line;
};
ASSAY_MUST_USE enum assay_status python_look(struct dep_work *w, const struct source_file *f, struct python_doubt *ret_doubt);
/* The same of the text behind "python -c". */
ASSAY_MUST_USE enum assay_status python_look_at_text(struct dep_work *w, const char *text, struct python_doubt *ret_doubt);

/* For the table of kinds: nothing by itself; scripts are read when a build starts them. */
ASSAY_MUST_USE enum assay_status started_read_python(struct dep_work *w, const struct source_file *f);
