/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A snippet rewritten without changing what it does: as edits of its bytes, so that all else stays as it is. Lines at fault end in
 * the comment "fault", and so does every line that is made of one.
 */
#pragma once

#include <code/lex.h>

#define MARK "/* fault */"
#define FUNCTIONS_MAX 64
#define NAMES_MAX 64
#define PARAMETERS_MAX 16
#define EDITS_MAX 20000

/* Indexes of tokens. */
struct function {
	uint32_t start, name, open, close, body, end;
};

struct edit {
	uint32_t at, cut, order;
	const char *text;
};

struct work {
	const struct code_tokens *t;
	struct arena *arena;
	struct function functions[FUNCTIONS_MAX];
	uint32_t function_count;
	bool *marked; /* by line */
	bool bad;
	struct edit *edits;
	uint32_t edit_count;
	bool full; /* a cap was met: what there is isn't whole */
};

void find_functions(struct work *w);
/* Index of the bracket that closes the one at i; the count of tokens when none does. */
uint32_t closing(const struct code_tokens *t, uint32_t i);
void edit_add(struct work *w, uint32_t at, uint32_t cut, const char *text);
/* A name: an identifier and no keyword. */
bool is_name(const struct code_token *token);
bool is_fault(const struct work *w, uint32_t line);
/* The names of a function's parameters; false when one has none, or is "...". */
bool parameters_of(const struct work *w, const struct function *f, uint32_t *names, uint32_t *ret_count);
/* The names that a function's body declares, as indexes of tokens, added to names. */
void locals_of(const struct work *w, const struct function *f, uint32_t *names, uint32_t *count);

/* Each says whether there was anything to change. */
bool rename_locals(struct work *w);
bool hoist_bodies(struct work *w);
bool wrap_statements(struct work *w);
bool split_lines(struct work *w);
