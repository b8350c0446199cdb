/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The own engine in the form of the others: rules over code, as reports.
 */
#pragma once

#include <code/rules.h>
#include <sca/demo.h>

#define SCA_OWN "assay"

/* What it made of one file. */
struct sca_own_look {
	struct sca_report *reports;
	size_t count;
	bool read;           /* all of it was seen: else silence about it means nothing */
	uint64_t unseen;     /* pieces of it that were not; 0 and not read: it couldn't be read as code at all */
	const char *foreign; /* what it takes in by a name that isn't one of code, which nobody looks at; NULL */
	uint32_t foreign_line;
};

ASSAY_MUST_USE enum assay_status sca_own_look(const struct code_rules *rules, struct assay_span bytes, const char *path,
    struct arena *arena, struct sca_own_look *ret_look, struct assay_error *err);
/* What it does with all snippets. */
ASSAY_MUST_USE enum assay_status sca_own_shown(const struct code_rules *rules, const struct sca_snippets *snippets,
    struct arena *arena, struct sca_shown_by *ret_shown, struct assay_error *err);
