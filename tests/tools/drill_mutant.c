/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill-mutant SEAL TREE ROOT PLACE: a drill with libassay and the room verify compiled so that ASSAY_MUTANT switches off one check of
 * theirs. Asks the verifier in this program alone. Prints a line for each try that could be made: "good" or "BAD", its id, and why. Exit
 * status 0 when the drill shows that every attack is rejected, 1 when it doesn't, 3 when it came to no end. For tests/suites/drill-matrix.
 */
#include <base/arena.h>
#include <base/cleanup.h>
#include <drill/drill.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROOM ((size_t)64 << 20)

int
main(int argc, char **argv)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_error err = { 0 };
	if (argc != 5 || arena_new(ROOM, &arena) != ASSAY_OK)
		return 2;
	struct drill *d = arena_alloc(arena, sizeof *d);
	char *seal = realpath(argv[1], NULL), *tree = realpath(argv[2], NULL);
	const struct drill_request request = { .seal = seal, .tree = tree, .root = argv[3], .temporary = argv[4], .now = (int64_t)time(NULL),
		.threads = 1, .arena = arena };
	const enum assay_status status = d == NULL || seal == NULL || tree == NULL ? ASSAY_E_USAGE : drill_run(&request, d, &err);
	free(seal);
	free(tree);
	if (status != ASSAY_OK) {
		(void)printf("BAD the-drill %s\n", err.what);
		return 3;
	}
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		const bool good = t->kind == DRILL_CONTROL ? t->outcome == DRILL_ACCEPTED : t->outcome == DRILL_REJECTED;
		if (t->outcome != DRILL_NOT_TRIED)
			(void)printf("%s %s %s\n", good ? "good" : "BAD", t->id, good ? "" : drill_outcome_name(t));
	}
	return d->all ? 0 : 1;
}
