/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/yaml.h>

#define STEPS_MAX 64
#define ERRORS "clang-diagnostic-error"

static const char *
scalar(const struct yaml_node *mapping, const char *key)
{
	const struct yaml_node *n = mapping != NULL && mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
	return n != NULL && n->kind == YAML_SCALAR ? n->text : "";
}

static bool
offset_of(const struct yaml_node *mapping, uint32_t *ret_offset)
{
	uint64_t v = 0;
	if (text_to_u64(assay_span_str(scalar(mapping, "FileOffset")), &v) != ASSAY_OK || v > UINT32_MAX)
		return false;
	*ret_offset = (uint32_t)v;
	return true;
}

static enum assay_status
read_notes(struct reading *r, const struct yaml_node *notes, struct sca_report *to)
{
	if (notes == NULL || notes->kind != YAML_SEQUENCE)
		return ASSAY_OK;
	struct sca_step *steps = arena_array(r->arena, STEPS_MAX, sizeof *steps);
	if (steps == NULL)
		return arena_full(r->err);
	to->steps = steps;
	for (const struct yaml_node *n = notes->first; n != NULL && to->step_count < STEPS_MAX; n = n->next) {
		struct sca_step *s = &steps[to->step_count++];
		*s = (struct sca_step) { .message = scalar(n, "Message") };
		s->path = reading_path(r, scalar(n, "FilePath"), &s->outside);
		if (s->path == NULL)
			return arena_full(r->err);
	}
	return ASSAY_OK;
}

static enum assay_status
read_diagnostic(struct reading *r, const struct yaml_node *d)
{
	struct sca_report *to = NULL;
	const struct yaml_node *message = d->kind == YAML_MAPPING ? yaml_get(d, "DiagnosticMessage") : NULL;
	const char *level = scalar(d, "Level");
	if (message == NULL || message->kind != YAML_MAPPING || scalar(d, "DiagnosticName")[0] == '\0')
		return reading_bad(r, ASSAY_E_FORMAT, "a diagnostic without a name or a message");
	TRY(reading_add(r, &to));
	to->check = scalar(d, "DiagnosticName");
	to->message = scalar(message, "Message");
	to->path = reading_path(r, scalar(message, "FilePath"), &to->outside);
	if (to->path == NULL)
		return arena_full(r->err);
	to->has_offset = offset_of(message, &to->offset);
	to->level = strcmp(level, "Error") == 0 ? SCA_ERROR : strcmp(level, "Remark") == 0 ? SCA_NOTE : SCA_WARNING;
	if (strcmp(to->check, ERRORS) == 0)
		reading_broken(r, to);
	return read_notes(r, yaml_get(d, "Notes"), to);
}

/* Written only when there is something to say. */
enum assay_status
sca_read_tidy(const struct sca_input *in, struct arena *arena, struct sca_reading *ret_reading, struct assay_error *err)
{
	struct reading r = reading_begin(in, arena, err);
	struct yaml_node *root = NULL;
	if (in->bytes.len > YAML_SIZE_MAX)
		return reading_bad(&r, ASSAY_E_LIMIT, "it is too large");
	TRY(yaml_parse(in->bytes, in->engine, arena, &root, err));
	const struct yaml_node *list = root->kind == YAML_MAPPING ? yaml_get(root, "Diagnostics") : NULL;
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return reading_bad(&r, ASSAY_E_FORMAT, "there is no list of diagnostics");
	for (const struct yaml_node *d = list->first; d != NULL; d = d->next)
		TRY(read_diagnostic(&r, d));
	r.out.documents = 1;
	*ret_reading = r.out;
	return ASSAY_OK;
}
