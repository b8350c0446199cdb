/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meson's files: its expressions are read as far as calls and the words in them go. What a name holds counts when it is given one
 * value only, in the file or in all files together.
 */
#pragma once

#include "started.h"

#define MESON_DEPTH_MAX 64
#define MESON_TOKENS_MAX 200000u
#define MESON_ITEMS_MAX 1024u
#define MESON_NAMES_MAX 4096u

enum meson_kind { MESON_UNKNOWN, MESON_STRING, MESON_LIST, MESON_BUILT };

/* BUILT: something that the build makes, as executable() gives it. A program that is found is the string of its name. */
struct meson_value {
	enum meson_kind kind;
	const char *text;               /* STRING */
	const struct meson_value *items; /* LIST */
	size_t count;
};

struct meson_name {
	const char *name, *file;
	struct meson_value value;
};

enum meson_token_kind { MESON_T_END, MESON_T_LINE, MESON_T_NAME, MESON_T_STRING, MESON_T_OTHER };

struct meson_token {
	enum meson_token_kind kind;
	const char *text; /* of OTHER: one byte, or "+=" */
	unsigned line, column;
};

/* *ret_tokens ends with MESON_T_END, which *ret_count doesn't count. */
ASSAY_MUST_USE enum assay_status meson_words(struct dep_work *w, const struct source_file *f, struct meson_token **ret_tokens,
    size_t *ret_count);

/* For the table of kinds: its form. */
ASSAY_MUST_USE enum assay_status meson_read(struct dep_work *w, const struct source_file *f);
/* The commands of all Meson files. */
ASSAY_MUST_USE enum assay_status meson_check(struct dep_work *w);
