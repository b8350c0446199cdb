/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up what a verb doesn't need any more, before it touches hostile bytes. Hardening: what the kernel doesn't
 * offer is passed over.
 */
#pragma once

#include "output.h"
#include "workspace.h"

/*
 * Files: the repository, what it borrows objects from and the system's to read; the state folder and one more (NULL for none) to
 * write; no sockets; git may still be started. With engines, the process that runs them is forked off before. *ret_confined: the
 * kernel took at least a part of it.
 */
ASSAY_MUST_USE enum assay_status confine_to_reading(const struct cli *cli, struct workspace *w, const char *writable,
    bool engines, bool *ret_confined, struct assay_error *err);
/* No program may be started from here on. */
void confine_fully(void);
/* For verbs that work on a pack alone: nothing to read, at most one folder to write. */
void confine_to_pack(const struct output *o);
