/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions: what doesn't apply here, and what is deviated from. They change a verdict when two people have signed, the time
 * isn't up, and somebody has the authority to say who may sign.
 */
#pragma once

#include "signoffs.h"

#include <policy/exception.h>

#define EXCEPTIONS_MAX 1000

struct exception_seen {
	struct exception x;
	const struct source_file *file;
	const struct signoff_seen *approval; /* NULL: not approved */
	const char *why;                     /* then: what is missing */
};

struct exceptions {
	const struct exception_seen *items; /* by path */
	size_t count;
};

/* ASSAY_E_FORMAT for a record that can't be read or names no control: a bad policy file, as any other. */
ASSAY_MUST_USE enum assay_status exceptions_read(const struct judge_context *c, struct exceptions *ret_exceptions,
    struct assay_error *err);
/* What speaks against the historic import that is there, or that there is none; NULL: one counts. */
const char *exceptions_no_import(const struct judge_context *c);
/* Changes v, judged already, or adds to it why an exception doesn't count. */
ASSAY_MUST_USE enum assay_status exceptions_apply(const struct judge_context *c, const struct exceptions *x,
    struct control_verdict *v, struct assay_error *err);
