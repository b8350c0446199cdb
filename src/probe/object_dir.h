/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GIT_DIR of our own: empty, private, with the target's objects as alternate.
 */
#pragma once

#include "internal.h"

#include <base/child.h>

struct object_dir {
	char path[64];          /* "" until made */
	struct alternates alternates;
	char **readable;        /* folders that git may read, NULL-terminated */
	char **env;             /* git's whole environment, NULL-terminated */
};

enum assay_status object_dir_make(const struct repository *r, struct object_dir *ret_dir,
    struct assay_error *err);
void object_dir_done(struct object_dir *d);
