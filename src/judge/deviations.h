/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deviations of code in HEAD's tree, each with all that speaks against it: by itself, by the tree, by its sign-offs.
 */
#pragma once

#include "signoffs.h"

#include <code/suppress.h>
#include <sca/deviation.h>
#include <sca/plan.h>
#include <sca/standard.h>

#define DEVIATIONS_MAX 5000

struct deviation_seen {
	struct sca_deviation d;  /* when read */
	const struct source_file *file;
	bool read;
	const char *unread;      /* else: why, in words */
	unsigned line, column;   /* of what can't be read; 0: not known */
	struct sca_fault *faults; /* NULL and read: it holds */
	const struct signoff_seen *approval; /* NULL: none */
};

struct deviations {
	const struct deviation_seen *items; /* by path */
	size_t count;
};

ASSAY_MUST_USE enum assay_status deviations_read(const struct judge_context *c, struct deviations *ret_deviations,
    struct assay_error *err);
/* One that covers the subject and holds; else one that covers it and doesn't; NULL: none. *ret_holds says which. */
const struct deviation_seen *deviations_find(const struct deviations *all, const struct sca_subject *subject, bool *ret_holds);
/* What lets a suppression stand: of all its checks the worst. */
struct deviations_for {
	bool missing;                         /* one of them belongs to no deviation */
	const struct deviation_seen *fallen;  /* one that doesn't hold; NULL */
	const struct deviation_seen *holding; /* one that does; NULL */
};
ASSAY_MUST_USE enum assay_status deviations_for(const struct judge_context *c, const struct deviations *all, const struct plan *plan,
    const struct suppression *s, struct deviations_for *ret_for, struct assay_error *err);
struct judge_code_deviations;
ASSAY_MUST_USE enum assay_status deviations_list(const struct judge_context *c, struct judge_code_deviations *ret_seen,
    struct assay_error *err);
enum silence_need {
	SILENCE_NEED_UNKNOWN, /* nobody tried, or it didn't get through */
	SILENCE_NEEDED,       /* without it the engine reports one of its checks in the lines that it covers */
	SILENCE_NOT_NEEDED,   /* it ran to its end and reports none */
};
/* What can be told of a suppression from the analysis that is among the evidence. */
struct silence {
	enum silence_need need;
	const char *why;  /* of an unknown one; NULL: nobody tried */
	const char *wide; /* what of it nothing needs; NULL */
};
/* One a suppression, all unknown where there is no analysis, or one of other files. */
ASSAY_MUST_USE enum assay_status silence_tried(const struct judge_context *c, const struct plan *plan, const struct suppressions *found,
    struct silence **ret_silences, struct assay_error *err);
