/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The branches that #if and its like open: which of them hold code, and what must be defined, or not, for a compiler to read them.
 */
#pragma once

#include <code/lex.h>

/* Conditions of one chain that are looked at for one branch, and bytes of a macro's name. */
#define CODE_BRANCH_CONDITIONS_MAX 64
#define CODE_BRANCH_NAME_MAX 256

struct code_branch {
	uint32_t line;      /* of its #if, #elif or #else, from 1 */
	uint32_t directive; /* index */
	uint32_t before;    /* the branch before it in its chain; its own index for the first one */
	size_t end;         /* offset behind the line that opens it */
	bool closed;        /* that line has an end */
	bool holds;         /* something in it, and in no branch inside of it, that a program is made of */
	bool never;         /* behind a plain 0, or an #else behind a plain 1 */
};

/* In the order of their lines. ASSAY_E_MEMORY. */
ASSAY_MUST_USE enum assay_status code_branches(const struct code_tokens *t, struct arena *arena, struct code_branch **ret_branches,
    uint32_t *ret_count, struct assay_error *err);
/* Whether its condition and those before it in its chain name macros, and each is known; false beyond the caps. */
bool code_branch_known(const struct code_tokens *t, const struct code_branch *list, uint32_t index,
    bool (*known)(const void *context, const char *macro), const void *context);
