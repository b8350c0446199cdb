/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of analysers that are run elsewhere, as --import names them.
 */
#pragma once

#include "workspace.h"

#include <evidence/imports.h>

struct given_imports {
	struct evidence_member members[IMPORTS_MAX];
	struct buf files[IMPORTS_MAX]; /* own memory */
	size_t count;
};

void given_imports_done(struct given_imports *g);
/* Reads them all, before the program confines itself. What is no import, and two of one name and language, is an error. */
ASSAY_MUST_USE enum assay_status given_imports_read(const struct cli *cli, struct arena *arena, struct given_imports *ret_imports,
    struct assay_error *err);
/* As evidence beside what was fetched; none given: no such evidence. */
ASSAY_MUST_USE enum assay_status given_imports_add(const struct given_imports *g, struct workspace *w, struct assay_error *err);
