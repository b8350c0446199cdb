/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engines of a build that has no library for hashing but libassay.
 */
#include "engine.h"

static const struct engine_kind *const kinds[] = {&engine_portable, NULL};

const struct engine_kind *const *
engine_kinds(void)
{
	return kinds;
}
