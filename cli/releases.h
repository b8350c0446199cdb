/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases, as --release names them.
 */
#pragma once

#include "workspace.h"

#include <probe/release.h>

struct given_releases {
	struct release_given items[RELEASES_MAX];
	size_t count;
};

/* Splits what was given, and notes in w that it is read; ASSAY_E_USAGE for too many, and for a seal or tree without a name. */
ASSAY_MUST_USE enum assay_status given_releases_read(const struct cli *cli, struct workspace *w, struct given_releases *ret_releases,
    struct assay_error *err);
/* Reads them, as evidence beside what was fetched; none given: no such evidence. */
ASSAY_MUST_USE enum assay_status given_releases_add(struct cli *cli, const struct given_releases *g, struct workspace *w, struct assay_error *err);
