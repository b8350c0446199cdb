/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where code meets what is outside of it: calls by a table of known functions, and main()'s arguments. By tokens alone: a call through a
 * pointer, a macro or a function of the project's own isn't seen.
 */
#pragma once

#include <code/lex.h>

/* Of one file. */
#define SCA_INTERFACES_MAX 20000u
#define SCA_FUNCTIONS_MAX 50000u

/* A function that the file defines: tokens first (its name) to last (its closing brace). */
struct sca_function {
	const char *name;
	uint32_t first, last, line;
};

struct sca_interface {
	const char *call;     /* "recv" */
	const char *kind;     /* "socket"; of the table */
	const char *function; /* NULL: outside of any */
	uint32_t line;
};

struct sca_surface {
	struct sca_function *functions; /* in the order of the file */
	size_t function_count;
	struct sca_interface *interfaces;
	size_t interface_count;
	bool more; /* than are kept */
};

ASSAY_MUST_USE enum assay_status sca_surface_find(const struct code_tokens *t, struct arena *arena,
    struct sca_surface *ret_surface, struct assay_error *err);
/* The kind of a function of this name; NULL: none that is known. */
const char *sca_interface_kind(const char *call);
/* Whether both functions are the same tokens. */
bool sca_function_same(const struct code_tokens *a, const struct sca_function *x, const struct code_tokens *b,
    const struct sca_function *y);
