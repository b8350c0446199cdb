/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setup and teardown of unit tests whose state is an arena. UNIT_ARENA_MAX may be set before.
 */
#pragma once

#include <base/arena.h>

#ifndef UNIT_ARENA_MAX
#define UNIT_ARENA_MAX (64u << 20)
#endif

static int
setup(void **state)
{
	struct arena *a = NULL;
	if (arena_new(UNIT_ARENA_MAX, &a) != ASSAY_OK)
		return 1;
	*state = a;
	return 0;
}

static int
teardown(void **state)
{
	struct arena *a = *state;
	arena_free(&a);
	return 0;
}
