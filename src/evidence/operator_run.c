/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of the operator's instructions carried out.
 */
#include "fields.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <evidence/records.h>

static const struct field step_fields[] = {
	{ .key = "commands", .kind = FIELD_TEXT, .offset = offsetof(struct operator_step, commands) },
	{ .key = "exit", .kind = FIELD_NUMBER, .offset = offsetof(struct operator_step, exit) },
	{ .key = "screen", .kind = FIELD_TEXT, .offset = offsetof(struct operator_step, screen) },
	{ .key = NULL },
};

#define STEPS(name)                                                                                                                  \
	{ .key = #name, .kind = FIELD_STRUCTS, .offset = offsetof(struct operator_run, name),                                        \
		.count = offsetof(struct operator_run, name##_count), .fields = step_fields, .size = sizeof(struct operator_step),   \
		.most = OPERATOR_STEPS_MAX }

static const struct field run_fields[] = {
	STEPS(altered),
	{ .key = "altered-path", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, altered_path) },
	{ .key = "assay-operator-run", .kind = FIELD_IGNORED },
	{ .key = "at", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, at) },
	{ .key = "instructions", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, instructions) },
	{ .key = "manifest", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, manifest) },
	{ .key = "release", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, release) },
	STEPS(untouched),
	{ .key = "verifier", .kind = FIELD_TEXT, .offset = offsetof(struct operator_run, verifier) },
	{ .key = NULL },
};

enum assay_status
operator_run_read(struct assay_span bytes, const char *name, struct arena *arena, struct operator_run *ret_run, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	struct operator_run r = { .file = name };
	int64_t when;
	TRY(canon_read(bytes, name, &document, err));
	const json_t *version = json_object_get(document, "assay-operator-run");
	if (json_is_integer(version) && json_integer_value(version) > OPERATOR_RUN_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "'%s' was written by a later version", name);
	if (!json_is_integer(version) || json_integer_value(version) != OPERATOR_RUN_VERSION)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' is no record of the operator's instructions", name);
	TRY(fields_read(document, run_fields, name, arena, &r, err));
	if (!record_is_digest(r.release) || !record_is_digest(r.manifest) || !record_is_digest(r.instructions) || !record_is_digest(r.verifier) ||
	    when_parse(assay_span_str(r.at), &when, NULL) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s': a digest isn't 64 hexadecimal digits, or a time isn't one", name);
	*ret_run = r;
	return ASSAY_OK;
}
