/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up privileges: after this, the process parses hostile bytes with nothing worth stealing.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>

struct sandbox_report {
	bool landlock; /* files outside the listed folders are out of reach */
	bool seccomp;  /* no exec, no sockets, no tracing */
};

/*
 * From here on the process may read below the paths of readable, write below those of writable
 * (both NULL-terminated, entries that don't exist are passed over) and open no sockets; with start_programs it may still run
 * the system's programs, which are bound by the same. Both lists NULL: files stay as they are.
 * What the kernel doesn't offer is left out and reported: it is hardening, the caller goes on.
 */
void sandbox_enter(const char *const *readable, const char *const *writable, bool start_programs,
    struct sandbox_report *ret_report);
