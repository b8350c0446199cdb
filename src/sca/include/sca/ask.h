/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The questions of a review, out of what it is of: files, functions that changed, interfaces that they call, rules that the plan leaves
 * to reviewers, deviations. The five points are always asked.
 */
#pragma once

#include <policy/review.h>
#include <sca/plan.h>

/* One file of the review with its bytes, where they are at hand. */
struct ask_file {
	const struct review_file *file;
	bool has_now, has_before;
	struct assay_span now, before;
};

struct ask {
	const struct plan *plan; /* NULL: none */
	const struct ask_file *files;
	size_t file_count;
	size_t tests;            /* files of tests that the range touches too */
};

/* Fills interfaces and questions of r, whose other fields are set: owners, findings and deviations are asked about as they stand there. */
ASSAY_MUST_USE enum assay_status ask_questions(const struct ask *a, struct arena *arena, struct review *r,
    struct assay_error *err);
/* Whether the standard is for the language of this file. */
bool ask_concerns(const struct plan_standard *s, const char *path);
/* Whether a question asks about the rule: "RULE: ...", at its beginning or after a blank. */
bool ask_names(const char *ask, const char *rule);
/*
 * Calls of a file, as they stand in bytes, that the record doesn't list; NULL: all are listed. The path says the language; what is no C
 * or C++ has none. ASSAY_E_LIMIT when the file is larger than is read.
 */
ASSAY_MUST_USE enum assay_status ask_missing(const struct review *r, const char *path, struct assay_span bytes, struct arena *arena,
    const char **ret_call, struct assay_error *err);
