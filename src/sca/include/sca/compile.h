/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a file is compiled, as others say: compile_commands.json and command lines, cut down to what may be passed on to an engine.
 * Nothing here is run. An option that isn't known to be harmless refuses its unit, by name.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

#define SCA_DATABASE_MAX (16u << 20)
#define SCA_UNITS_MAX 100000
#define SCA_ARGUMENTS_MAX 2000

/* Folders that the commands may speak of: what they are called there, and what they are called where engines run. */
struct sca_root {
	const char *from; /* "/home/me/pump", without a '/' at the end */
	const char *to;   /* "/src" */
};

/* An option that would keep an engine silent; it isn't passed on. */
struct sca_silencer {
	const char *option;
};

struct sca_unit {
	const char *path;         /* below the source root: "src/pump.c" */
	const char *const *args;  /* what is passed on, paths as engines see them; NULL-terminated */
	size_t arg_count;
	const char *const *silencers; /* dropped, and a finding: "-w", "-Wno-format" */
	size_t silencer_count;
	const char *refused;      /* why it isn't passed to any engine, for people; NULL when it is */
	const char *refused_word; /* the option that did it, as written; "" when it was none */
	unsigned line;            /* of its entry */
};

struct sca_database {
	const struct sca_unit *units; /* in the order of the file; a file may have several */
	size_t count;
};

struct sca_compile {
	const char *name;             /* of the file, for errors */
	const struct sca_root *roots; /* the first is the source tree, and so are others that lead to the same place */
	size_t root_count;
	const char *folder;           /* for a relative "directory": below the source root, "" for it itself */
};

/* ASSAY_E_FORMAT with a line for what is no database. One entry that is odd refuses that unit alone. */
ASSAY_MUST_USE enum assay_status sca_compile_read(struct assay_span json, const struct sca_compile *c, struct arena *arena,
    struct sca_database *ret_database, struct assay_error *err);
/* One command, as words; directory and file as the database has them. */
ASSAY_MUST_USE enum assay_status sca_compile_words(const char *const *words, size_t count, const char *directory, const char *file,
    const struct sca_compile *c, struct arena *arena, struct sca_unit *ret_unit, struct assay_error *err);
