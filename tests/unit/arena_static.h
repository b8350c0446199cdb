/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setup and teardown of unit tests that share an arena by its name. UNIT_ARENA_MAX may be set before.
 */
#pragma once

#include <base/arena.h>

#ifndef UNIT_ARENA_MAX
#define UNIT_ARENA_MAX (64u << 20)
#endif

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	return arena_new(UNIT_ARENA_MAX, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}
