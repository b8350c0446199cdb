/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CMake's files: read by its own grammar, and followed command by command as far as what a variable holds can be told without
 * running anything.
 */
#pragma once

#include "work.h"

#define CMAKE_DEPTH_MAX 32       /* files and functions inside each other */
#define CMAKE_STEPS_MAX 100000u  /* commands that are followed, over all files */
#define CMAKE_ARGS_MAX 4096u     /* of one command, lists taken apart */
#define CMAKE_TEXT_MAX 65536u    /* of one value */
#define CMAKE_NEST_MAX 64u       /* blocks in each other, and references in references */
#define CMAKE_FILES_MAX 5000u
#define CMAKE_SYMBOLS 16384u     /* a power of two; at most half of it is used */
/* A line of a template that names a command of its own to who reads. */
#define CMAKE_PACKAGE_INIT "@PACKAGE_INIT@"

enum cmake_arg_kind { CMAKE_UNQUOTED, CMAKE_QUOTED, CMAKE_BRACKET };

struct cmake_arg {
	enum cmake_arg_kind kind;
	const char *text; /* as written, without the outer quotes or brackets */
	unsigned line, column;
	struct cmake_arg *next;
};

struct cmake_command {
	const char *name; /* lower case */
	struct cmake_arg *args;
	unsigned line, column;
};

struct cmake_file {
	const char *path;
	bool configured; /* "*.in": @NAME@ is filled in by another file */
	struct cmake_command *commands;
	size_t count;
	bool parsed, visited;
	struct cmake_file *next;
};

/* ASSAY_E_FORMAT with line and column for what CMake wouldn't read. */
ASSAY_MUST_USE enum assay_status cmake_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct cmake_command **ret_commands, size_t *ret_count, struct assay_error *err);

/* ---- following ---- */

/* What a variable or an argument holds; text NULL: it can't be told. */
struct cmake_value {
	const char *text;
	const struct cmake_arg *arg;
};

struct cmake_values {
	struct cmake_value *items;
	size_t count;
};

enum cmake_state { CMAKE_UNSET, CMAKE_KNOWN, CMAKE_UNKNOWN };

struct cmake_symbol {
	const char *name;
	const char *value;
	enum cmake_state state;
};

struct cmake_undo {
	struct cmake_symbol *symbol;
	const char *value;
	enum cmake_state state;
};

struct cmake_function {
	const char *name;
	const struct cmake_file *file;
	const struct cmake_command *begin; /* its function() or macro() */
	size_t from, to;                   /* body */
	bool macro, called, twice;
	struct cmake_function *next;
};

/* What set(... PARENT_SCOPE) leaves to whoever called. */
struct cmake_export {
	struct cmake_symbol *symbol;
	const char *value;
	enum cmake_state state;
	struct cmake_export *next;
};

/* A file or function that is being followed. */
struct cmake_frame {
	struct cmake_file *file;
	const char *folder;   /* CMAKE_CURRENT_SOURCE_DIR, "" or with '/' */
	struct cmake_export *exports;
	bool returned;        /* it may have ended before: what is set from here on may not be */
	const struct cmake_frame *outer;
};

struct cmake_run {
	struct dep_work *w;
	struct arena *arena;
	struct cmake_symbol *symbols; /* CMAKE_SYMBOLS */
	size_t symbol_count, known_count;
	struct cmake_undo *undo;
	size_t undo_count, undo_room;
	struct cmake_function *functions;
	struct cmake_file *files;
	size_t steps, depth, nest;
	bool quiet;          /* first of the two passes over a loop's body */
	const char *root;    /* folder of the CMakeLists.txt that it began with */
};

/* Variables. Names that are too many are unknown. */
ASSAY_MUST_USE enum assay_status cmake_set(struct cmake_run *r, const char *name, const char *value, enum cmake_state state);
struct cmake_symbol *cmake_symbol(struct cmake_run *r, const char *name);
size_t cmake_mark(const struct cmake_run *r);
void cmake_undo_to(struct cmake_run *r, size_t mark);
/* Arguments with their references filled in and unquoted lists taken apart. */
ASSAY_MUST_USE enum assay_status cmake_eval(struct cmake_run *r, const struct cmake_frame *f,
    const struct cmake_command *c, struct cmake_values *ret_values);
/* A path as CMake would take it: of the tree, or NULL. */
char *cmake_path(struct cmake_run *r, const struct cmake_frame *f, const char *text);

/* Commands that fetch something; *ret_known false when it is none of those. */
ASSAY_MUST_USE enum assay_status cmake_fetch(struct cmake_run *r, const struct cmake_frame *f,
    const struct cmake_command *c, const struct cmake_values *v, bool *ret_known);
bool cmake_fetches(const char *name);
ASSAY_MUST_USE enum assay_status cmake_follow_all(struct cmake_run *r);
ASSAY_MUST_USE enum assay_status cmake_run_range(struct cmake_run *r, struct cmake_frame *f, size_t from, size_t to);

/* ---- for the table of kinds ---- */

/* Reads a file for its form. */
ASSAY_MUST_USE enum assay_status cmake_read(struct dep_work *w, const struct source_file *f);
/* Follows all files of the tree. */
ASSAY_MUST_USE enum assay_status cmake_check(struct dep_work *w);
