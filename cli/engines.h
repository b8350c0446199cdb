/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Engines for the verbs: the process that runs them, and what they have done before.
 */
#pragma once

#include "cli.h"

#include <engine/engine.h>
#include <ledger/cache.h>

/* Forks the server off; call it while there is one thread, and before anything is given up. */
ASSAY_MUST_USE enum assay_status engines_start(const struct cli *cli, struct engine_server **ret_server,
    struct assay_error *err);
/* $XDG_CACHE_HOME/assay/engines, shared by all repositories of a user; *ret_cache NULL where none can be had. */
ASSAY_MUST_USE enum assay_status engines_cache(struct arena *arena, struct cache **ret_cache, const char **ret_folder,
    struct assay_error *err);
