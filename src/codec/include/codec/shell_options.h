/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a command, told apart by which of its program's options take a value. */
#pragma once

#include <codec/shell.h>

/* Lists are parted by blanks. */
struct shell_options {
	const char *values;        /* long options that take the next word, unless a value stands behind '=' */
	const char *flags;         /* long options that don't */
	const char *value_letters; /* of short options; a value may stand right behind the letter */
	const char *flag_letters;
	/* What the values are, by options ("--tag -t"), or NULL. */
	const char *images, *made, *files, *compose, *pairs, *entry;
};

extern const struct shell_options shell_global_options, shell_run_options, shell_pull_options, shell_build_options, shell_no_options,
    shell_load_options, shell_commit_options, shell_kube_options, shell_stack_options, shell_compose_options;

enum shell_argument_kind {
	SHELL_ARGUMENT_END,
	SHELL_ARGUMENT_WORD,
	SHELL_ARGUMENT_OPTION, /* with name, and with word and value when it takes one */
	SHELL_ARGUMENT_LOST,   /* an option that isn't known, before a word that may be its value */
};

#define SHELL_OPTION_MAX 64

struct shell_argument {
	char name[SHELL_OPTION_MAX]; /* of an option: "--tag", "-t"; cut when it is longer */
	const struct shell_word *word; /* NULL at the end */
	const char *value;           /* NULL: none, or it is computed */
	char letters[SHELL_OPTION_MAX]; /* of the short options that stand together before it and take no value */
};

struct shell_arguments {
	const struct shell_word *at;
	const struct shell_options *options;
	bool words_only; /* "--" was there */
};

enum shell_argument_kind shell_next_argument(struct shell_arguments *a, struct shell_argument *ret_argument);
/* Whether text is one of the list, parted by blanks. */
bool shell_among(const char *text, const char *list);
