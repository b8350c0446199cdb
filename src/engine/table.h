/* SPDX-License-Identifier: Apache-2.0 */
/* The engines that can be run, one row each. */
#pragma once

#include "server.h"

#define TABLE_WORDS_MAX 6
#define TABLE_QUESTIONS_MAX 4

/* How an engine is asked for the names of its checks. */
enum table_listing {
	LISTING_NONE,
	LISTING_OPTIONS,  /* each line's first word, when it begins with '-' */
	LISTING_WORDS,    /* each line's first word */
	LISTING_XML,      /* id="..." */
	LISTING_PROGRAM,  /* "FF1001" in the program's own text */
};

struct table_question {
	enum table_listing how;
	const char *arguments[TABLE_WORDS_MAX];
};

struct table_row {
	const char *name, *adds, *package;
	const char *programs[TABLE_WORDS_MAX]; /* the first that is there */
	const char *inner[TABLE_WORDS_MAX];    /* programs that it starts, as -print-prog-name tells */
	const char *folders[TABLE_WORDS_MAX];  /* data that decides what it finds: "*" stands for the machine's triplet */
	struct table_question questions[TABLE_QUESTIONS_MAX];
};

extern const struct table_row table_rows[];
extern const size_t table_count;
const struct table_row *table_find(const char *engine);
/* A file's path in one of the system's folders of programs; NULL when there is none. */
const char *table_program_name(const struct table_row *row);
/* discovered.c: an engine as it was found before, when nothing that it is made of has changed; e->path is set. */
bool discovered_recall(struct engine_server *s, const struct table_row *row, struct arena *arena, struct engine *e);
void discovered_remember(struct engine_server *s, const struct table_row *row, const struct engine *e);
/* How a pass is run: where its reports are. */
struct table_pass {
	const char *pass;
	bool joined;        /* its report is its output, whichever file it writes it to */
	const char *output; /* the form of its standard output; NULL: not kept */
	const char *behind; /* stands between the files and compile options: "--"; NULL: options come first */
	bool no_options;    /* takes no compile options */
	const char *defines; /* of compile options it takes those alone that begin with one of these letters behind '-': "DUI" */
	const char *extra;  /* a file of ours behind the unit */
	unsigned batch;     /* most snippets at a time; 0: one */
};
const struct table_pass *table_pass_find(const char *pass);
/* The form of a file that a run left, by its name; NULL for one that isn't kept. */
const char *table_file_format(const char *name);
