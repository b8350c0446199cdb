/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/ci/expr.h"

#include <base/cleanup.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_up(const char *path, struct expr_value *ret_value, void *context)
{
	(void)context;
	if (strcmp(path, "github.event_name") == 0)
		*ret_value = (struct expr_value){ true, true, "push" };
	if (strcmp(path, "github.actor") == 0)
		*ret_value = (struct expr_value){ true, true, "\002user" };
}

static void
visit(const char *path, const struct expr *e, void *context)
{
	(void)context;
	if (path[0] == '\0' || strlen(path) >= EXPR_PATH_MAX || e == NULL || !expr_path_match(path, path))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_error err = { 0 };
	struct expr *e = NULL;
	struct expr_piece piece;
	size_t cursor = 0;
	bool closed = false;
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	const char *text = arena_copy(arena, (struct assay_span){ data, size });
	if (text == NULL)
		return 0;
	while (expr_next(text, &cursor, &piece, &closed)) {
		if (piece.end <= piece.begin || piece.end > strlen(text) || cursor != piece.end)
			__builtin_trap();
	}
	if (expr_parse((struct assay_span){ data, size }, arena, &e, &err) != ASSAY_OK) {
		if (e != NULL || err.what[0] == '\0')
			__builtin_trap();
		return 0;
	}
	expr_paths(e, visit, NULL);
	(void)expr_truth(e, look_up, NULL);
	return 0;
}
