/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits as people name them, found in the facts of a history and not by asking git.
 */
#pragma once

#include <base/arena.h>
#include <evidence/history.h>

/* A branch, a tag, HEAD, an id or its first seven digits; and each of these with ~N. */
ASSAY_MUST_USE enum assay_status revision_find(const struct history *h, const char *text, uint32_t *ret_commit,
    struct assay_error *err);
/* The error that says that it is none. */
enum assay_status revision_unknown(const char *name, struct assay_error *err);
/* The commit of a ref, by its full name or the end of it; HISTORY_NONE. */
uint32_t revision_of_ref(const struct history *h, const char *name);
/* Sets the flags of a commit and of all that it leads to, up to those that are set. */
ASSAY_MUST_USE enum assay_status revision_mark(const struct history *h, uint32_t from, struct arena *arena, unsigned char *flags,
    struct assay_error *err);
