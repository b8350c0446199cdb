/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "code-import": reports of analysers that somebody ran elsewhere, each with the record of what was planted for it. Members:
 *
 *   import/NAME.LANGUAGE   an import (sca/import.h), whole; NAME as its head has it, LANGUAGE that of its plants
 *
 * That such a run took place, and over which files, is the word of whoever hands the report in: asserted, and at best observed, where what
 * engines did here was demonstrated. It is there when imports were given, and no control needs it to be.
 */
#pragma once

#include <evidence/evidence.h>
#include <sca/import.h>

#define IMPORTS_KIND "code-import"
#define IMPORTS_PREFIX "import/"
#define IMPORTS_MAX 32

struct imports {
	const struct import *items; /* as its members stand */
	size_t count;
};

/* The member that an import goes under, in the arena; NULL when that is full. */
const char *imports_member(const struct import *x, struct arena *arena);
ASSAY_MUST_USE enum assay_status imports_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
