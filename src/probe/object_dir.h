/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GIT_DIR of our own: empty, private, with the target's objects as alternate.
 */
#pragma once

#include "internal.h"

#include <base/child.h>

struct object_dir {
	char path[64];          /* "" until made */
	struct alternates alternates;
	char **readable;        /* folders that git may read, NULL-terminated */
	char **env;             /* git's whole environment, NULL-terminated */
};

/* Shows all of the store and its alternates. */
#define OBJECT_DIR_ALL SIZE_MAX
/* loose: OBJECT_DIR_ALL, or the alternate, from 0 for the own store, whose loose objects alone are shown. */
enum assay_status object_dir_make(const struct repository *r, size_t loose,
    struct object_dir *ret_dir, struct assay_error *err);
/* object_reader.c: a reader of the loose objects of one folder of the alternates. */
enum assay_status object_reader_new_loose(const struct repository *r, size_t loose,
    struct object_reader **ret_reader, struct assay_error *err);
/*
 * object_run.c: runs git for its verdict. *ret_sound: it ended well; else *ret_words, in the arena, says what it complained of.
 * alone: without any repository. An error when it was ended by others, or ended without a word.
 */
struct git_run {
	const struct object_dir *dir;
	const struct repository *r;
	const char *const *argv;
	bool alone;
};
enum assay_status object_dir_run(const struct git_run *run, struct arena *arena, const char **ret_words,
    bool *ret_sound, struct assay_error *err);
void object_dir_done(struct object_dir *d);
