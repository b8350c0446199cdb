/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a command, for the tables of dep.install. Lists are parted by blanks. */
#pragma once

#include "install.h"

#include <codec/shell_options.h>

#define WORDS_MAX 256

/* A command's words behind its program; text NULL: it can't be told. */
struct words {
	const char *program; /* "pip" too for "python3 -m pip"; "" when it is computed */
	const char *items[WORDS_MAX];
	size_t count;
};

void words_gather(const struct shell_command *c, struct words *ret_words);
/* Whether one of the options is there, alone or with "=value". */
bool words_have(const struct words *w, const char *options);
/* The n-th word that is no option, nor the value of one that the program takes before its verb; "" when there is none. */
const char *words_verb(const struct words *w, size_t n);
/* The index of that word, w->count when there is none. */
size_t words_at(const struct words *w, size_t n);
/* The first that is an address, or NULL. */
const char *words_url(const struct words *w);

/* Whether a program in this language names what can load or run something. */
bool install_text_loads(const char *language, const char *text);

/* ---- each looks at one command by its own tables ---- */

ASSAY_MUST_USE enum assay_status install_by_rules(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_pip(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_nix(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_text(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_download(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_make(struct install *x, const struct shell_command *c, const struct words *w);
ASSAY_MUST_USE enum assay_status install_by_clone(struct install *x, const struct shell_command *c, const struct words *w);
