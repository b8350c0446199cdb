/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of the policy folder, as HEAD's tree holds it.
 */
#pragma once

#include "signoffs.h"

#include <codec/sources.h>
#include <judge/judge.h>
#include <sca/plan.h>

/* How a kind of record is found and read. */
struct record_kind {
	const char *path;
	const char *absent_id; /* of the open question when there is none: "no-register" */
	const char *absent;    /* its sentence */
	enum assay_status (*parse)(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record,
	    struct assay_error *err);
};

/*
 * Fills ret_record. *ret_read false: it is absent, was not to be had, or isn't what the format asks for; v has the open
 * question then, with the place in the file.
 */
ASSAY_MUST_USE enum assay_status record_read(const struct judge_context *c, struct control_verdict *v,
    const struct record_kind *kind, void *ret_record, bool *ret_read, struct assay_error *err);
/* A record of the policy folder is what was authorised last, whatever HEAD has in its place. NULL: there is none. */
const struct source_file *record_file(const struct judge_context *c, const char *path);
/* All files among which record_file() looks. */
void record_folder(const struct judge_context *c, struct sources *ret_files);
/*
 * The plan in force. *ret_has false, and an empty one: there is none, or it can't be read, which std.declared tells.
 */
ASSAY_MUST_USE enum assay_status record_plan(const struct judge_context *c, struct plan *ret_plan, bool *ret_has,
    struct assay_error *err);
/* The person of the roster with this id, or NULL. */
const struct roster_entry *record_person(const struct judge_context *c, const char *id);
/* The path of a pipeline's definition in the tree, or NULL. */
const char *record_pipeline(const struct sources *s);
/* A record's bytes as HEAD holds them, and who signed what over those. */
struct record_signed {
	struct signoffs signoffs;
	unsigned char digest[ASSAY_SHA256_SIZE];
};
ASSAY_MUST_USE enum assay_status record_signoffs(const struct judge_context *c, const char *path,
    struct record_signed *ret_signed, struct assay_error *err);
/*
 * Whether one of these people (ids) has signed this act over it. Anybody who may commit can write a colleague's name into a
 * record.
 */
bool record_signed_by(const struct record_signed *r, enum signoff_act act, const char *const *people, size_t count);
