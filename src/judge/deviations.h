/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deviations of code in HEAD's tree, each with all that speaks against it: by itself, by the tree, by its sign-offs.
 */
#pragma once

#include "signoffs.h"

#include <sca/deviation.h>

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
