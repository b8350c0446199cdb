/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engines of a build that has libcrypto. One without it links another table.
 */
#include "engine.h"

/* What has both decides by itself, by trying. Where it isn't: Intel's vectors are faster than its SHA instructions; elsewhere these are
 * faster. */
static const struct engine_kind *const intel[] = {
#ifdef FILES_SHA
    &engine_lanes16,
#endif
#ifdef FILES_LANES
    &engine_avx512, &engine_shani, &engine_avx2,
#endif
#ifdef FILES_SHA
    &engine_shani3,
#endif
    &engine_evp, &engine_fips, &engine_portable, NULL};
static const struct engine_kind *const others[] = {
#ifdef FILES_SHA
    &engine_lanes16, &engine_shani3,
#endif
#ifdef FILES_LANES
    &engine_shani, &engine_avx512, &engine_avx2,
#endif
    &engine_evp, &engine_fips, &engine_portable, NULL};

const struct engine_kind *const engine_beside = &engine_evp;

const struct engine_kind *const *
engine_kinds(void)
{
	bool is_intel = false;
#ifdef FILES_SHA
	is_intel = __builtin_cpu_is("intel") != 0;
#endif
	return is_intel ? intel : others;
}
