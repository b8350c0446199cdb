/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust roots that the user was handed out of band: by --root, or in a list of their own that no checked tree can reach.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>

/* ASSAY_E_USAGE for what isn't 64 hex digits; NULL is fine. */
ASSAY_MUST_USE enum assay_status roots_check(const char *root, struct assay_error *err);
/*
 * The pinned fingerprint in lower case, or NULL: given (may be NULL), else that of repository_id in $XDG_CONFIG_HOME/assay/roots,
 * whose lines are "REPOSITORY-ID FINGERPRINT"; '#' begins a comment. A list that can't be read whole is an error: a pin must not
 * get lost quietly.
 */
ASSAY_MUST_USE enum assay_status roots_pinned(const char *given, const char *repository_id, struct arena *arena,
    const char **ret_root, struct assay_error *err);
