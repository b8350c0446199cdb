/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sign-offs of HEAD's tree, each with what holds or speaks against it, and who signed which record.
 */
#pragma once

#include <evidence/tree.h>
#include <judge/judge.h>
#include <policy/signoff.h>

#define SIGNOFFS_MAX 10000

struct signoff_seen {
	struct signoff s;      /* as far as it could be read */
	const char *path;      /* of the statement */
	const struct roster_entry *who; /* who signed; NULL: nobody known */
	const char *code;      /* what speaks against it: "signoff-unsigned"; NULL: it holds */
	const char *why;       /* in words, when code is not NULL */
};

struct signoffs {
	const struct judge_context *c;
	const struct signoff_seen *items; /* by path */
	size_t count;
	bool overflow;         /* there are more than SIGNOFFS_MAX */
};

/* Reads and verifies all of them. What is wrong with one is its code, no error. */
ASSAY_MUST_USE enum assay_status signoffs_read(const struct judge_context *c, const struct sources *s,
    struct signoffs *ret_signoffs, struct assay_error *err);
/* A holding sign-off of this act over these bytes by somebody else than not_by (may be NULL), in role (NULL: whatever). NULL: none. */
const struct signoff_seen *signoffs_find(const struct signoffs *s, const unsigned char record[ASSAY_SHA256_SIZE],
    enum signoff_act act, const char *role, const struct roster_entry *not_by);
/*
 * Whether a record was requested by one person and approved by another, who holds role. *ret_why says in words what is missing, in
 * the arena, when it wasn't.
 */
bool signoffs_approved(const struct signoffs *s, const struct source_file *record, const char *role,
    const struct signoff_seen **ret_approval, const char **ret_why);
