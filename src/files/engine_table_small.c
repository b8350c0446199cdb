/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engines of a build that has no library for hashing but libassay.
 */
#include "engine.h"

static const struct engine_kind *const kinds[] = {
#ifdef FILES_SHA
    &engine_lanes16, &engine_shani3,
#endif
    &engine_portable, NULL};

const struct engine_kind *const engine_beside = &engine_portable;

const struct engine_kind *const *
engine_kinds(void)
{
	return kinds;
}
