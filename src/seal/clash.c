/* SPDX-License-Identifier: Apache-2.0 */
#include "clash.h"

#include <base/text.h>
#include <files/walk.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64u

/* The names of one folder, by number; 0 is a free place. */
struct level {
	uint64_t *numbers;
	size_t room, count; /* room: 0 or a power of two */
};

struct clash_finder {
	struct level levels[WALK_DEPTH_MAX + 1];
	size_t depth;
};

enum assay_status
clash_new(struct clash_finder **ret_finder, struct assay_error *err)
{
	*ret_finder = calloc(1, sizeof **ret_finder);
	return *ret_finder == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory to compare names") : ASSAY_OK;
}

static void
drop_level(struct level *l)
{
	free(l->numbers);
	*l = (struct level){ .numbers = NULL };
}

void
clash_free(struct clash_finder **finder)
{
	if (*finder == NULL)
		return;
	for (size_t i = 0; i <= WALK_DEPTH_MAX; i++)
		drop_level(&(*finder)->levels[i]);
	free(*finder);
	*finder = NULL;
}

/* FNV-1a over the name in lower case. That two others meet in 64 bits costs a warning, and no more. */
static uint64_t
number_of(const char *name)
{
	uint64_t n = UINT64_C(0xcbf29ce484222325);
	for (const char *p = name; *p != '\0'; p++)
		n = (n ^ (unsigned char)text_lower(*p)) * UINT64_C(0x100000001b3);
	return n == 0 ? 1 : n;
}

/* True when it was there already. */
static bool
put(uint64_t *numbers, size_t room, uint64_t n)
{
	size_t at = (size_t)n & (room - 1);
	while (numbers[at] != 0 && numbers[at] != n)
		at = (at + 1) & (room - 1);
	const bool there = numbers[at] == n;
	numbers[at] = n;
	return there;
}

static enum assay_status
grow(struct level *l, struct assay_error *err)
{
	const size_t room = l->room == 0 ? ROOM_FIRST : 2 * l->room;
	uint64_t *more = calloc(room, sizeof *more);
	if (more == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to compare names");
	for (size_t i = 0; i < l->room; i++) {
		if (l->numbers[i] != 0)
			(void)put(more, room, l->numbers[i]);
	}
	free(l->numbers);
	l->numbers = more;
	l->room = room;
	return ASSAY_OK;
}

enum assay_status
clash_add(struct clash_finder *finder, size_t depth, const char *name, bool *ret_clashes, struct assay_error *err)
{
	if (depth > WALK_DEPTH_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "deeper than %d folders", WALK_DEPTH_MAX);
	/* What lies deeper belongs to folders that were left, and so does this depth when the walk goes down anew. */
	for (size_t i = depth + 1; i <= finder->depth; i++)
		drop_level(&finder->levels[i]);
	finder->depth = depth;
	struct level *l = &finder->levels[depth];
	if (2 * (l->count + 1) > l->room) {
		const enum assay_status status = grow(l, err);
		if (status != ASSAY_OK)
			return status;
	}
	*ret_clashes = put(l->numbers, l->room, number_of(name));
	l->count += !*ret_clashes;
	return ASSAY_OK;
}
