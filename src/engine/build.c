/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compile commands as the project's own build makes them. That runs what is in the tree, in the cage, and only when it was asked for.
 * What comes of it is read like any other database.
 */
#include "server.h"

#include <base/cleanup.h>

#define SECONDS 600
/* A list of none is no list: "[]" and what stands around it. */
#define LEAST 16

/* A tree that is made where it lies can't be made read-only; bear gets a copy. */
static const struct {
	const char *program, *copy;
	const char *arguments[12];
} builds[] = {
	[ENGINE_BUILD_CMAKE] = { "cmake", NULL,
	    { "-S", "/src", "-B", "/build", "-G", "Unix Makefiles", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON" } },
	[ENGINE_BUILD_MESON] = { "meson", NULL, { "setup", "/build", "/src" } },
	[ENGINE_BUILD_BEAR] = { "bear", "/src", { "--output", "/build/compile_commands.json", "--", "make", "-C", "/build/tree" } },
};

static enum assay_status
copy_tree(struct engine_server *s, struct assay_error *err)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	const char *const arguments[] = { "-r", "/src", "/build/tree" };
	TRY(server_ask(s, "cp", arguments, 3, WIRE_BUILD, SECONDS, &a, err));
	if (a.end != WIRE_EXITED || a.status != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the tree can't be copied for its build");
	return ASSAY_OK;
}

enum assay_status
engine_configure(struct engine_server *server, enum engine_build build, struct arena *arena, struct assay_span *ret_database,
    struct assay_error *err)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	size_t count = 0;
	while (builds[build].arguments[count] != NULL)
		count++;
	if (engine_server_cage(server) == ENGINE_CAGE_NONE)
		return assay_fail(err, ASSAY_E_SYSTEM, "there is no sandbox to run '%s' in", builds[build].program);
	if (builds[build].copy != NULL)
		TRY(copy_tree(server, err));
	TRY(server_ask(server, builds[build].program, builds[build].arguments, count, WIRE_BUILD, SECONDS, &a, err));
	/* make may have failed behind what it made. */
	if (a.file_count != 1 || a.files[0].bytes.len < LEAST)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "'%s' made no compile_commands.json, and ended with %d", builds[build].program,
		    a.status);
	unsigned char *copy = (unsigned char *)arena_copy(arena, a.files[0].bytes);
	if (copy == NULL)
		return arena_full(err);
	*ret_database = (struct assay_span) { copy, a.files[0].bytes.len };
	return ASSAY_OK;
}
