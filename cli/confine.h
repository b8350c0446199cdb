/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up what a verb doesn't need any more, before it touches hostile bytes. Hardening: what the kernel doesn't
 * offer is passed over.
 */
#pragma once

#include "output.h"
#include "workspace.h"

/* Files: the repository and the system's to read, state and output to write; no sockets; git may still be started. */
ASSAY_MUST_USE enum assay_status confine_to_reading(struct workspace *w, const struct output *o,
    struct assay_error *err);
/* No program may be started from here on. */
void confine_fully(void);
/* For verbs that work on a pack alone: nothing to read, at most one folder to write. */
void confine_to_pack(const struct output *o);
