/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "image.h"

/* An ADD's sources, and the checksum that it names or NULL. */
ASSAY_MUST_USE enum assay_status install_add(struct docker *d, const struct docker_line *l,
    const char *sources, const char *checksum);
/* A RUN's text, options taken off, lines kept. */
ASSAY_MUST_USE enum assay_status install_run(struct docker *d, const struct docker_line *l,
    const char *text);
