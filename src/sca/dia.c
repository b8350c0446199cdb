/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clang --serialize-diagnostics (clang/Frontend/SerializedDiagnostics.h). Its text could be shaped by the code that it is about, and
 * its SARIF of version 19 names warnings by numbers of its own; here each has its flag.
 */
#include "reading.h"

#include "bits.h"

#include <base/cleanup.h>
#include <base/text.h>

enum { BLOCK_META = 8, BLOCK_DIAG = 9 };
enum { RECORD_VERSION = 1, RECORD_DIAG, RECORD_RANGE, RECORD_FLAG, RECORD_CATEGORY, RECORD_FILE };
enum { LEVEL_NOTE = 1, LEVEL_WARNING = 2, LEVEL_REMARK = 5 };
#define FORMAT_VERSION 2
#define NAMES_MAX 4096
#define STEPS_MAX 32

struct dia {
	struct reading reading;
	enum assay_status status;
	const char *files[NAMES_MAX], *flags[NAMES_MAX]; /* by their numbers */
	unsigned depth;            /* of blocks of diagnostics */
	struct sca_report *report; /* of the outer one */
	struct sca_step *steps;
	bool has_version;
};

static bool
keep_status(struct dia *d, enum assay_status status)
{
	d->status = status;
	return status == ASSAY_OK;
}

static const char *
copy(struct dia *d, struct assay_span blob)
{
	static const char unreadable[] = "(text that is no UTF-8)";
	if (!text_is_utf8(blob))
		return unreadable;
	const char *text = arena_copy(d->reading.arena, blob);
	if (text == NULL)
		d->status = arena_full(d->reading.err);
	return text;
}

static bool
put_name(struct dia *d, const char **names, const struct bits_record *r)
{
	if (r->count == 0 || r->operands[0] >= NAMES_MAX)
		return false;
	names[r->operands[0]] = copy(d, r->blob);
	return names[r->operands[0]] != NULL;
}

static const char *
name_of(const char *const *names, uint64_t number)
{
	return number < NAMES_MAX && names[number] != NULL ? names[number] : "";
}

/* What comes before the diagnostic that it belongs to tells by which files the one at fault was included. */
static bool
put_step(struct dia *d, const struct bits_record *r, const char *message)
{
	if (d->report == NULL)
		return true;
	if (d->steps == NULL)
		d->steps = arena_array(d->reading.arena, STEPS_MAX, sizeof *d->steps);
	if (d->steps == NULL)
		return keep_status(d, arena_full(d->reading.err));
	if (d->report->step_count == STEPS_MAX)
		return true;
	struct sca_step *s = &d->steps[d->report->step_count++];
	*s = (struct sca_step) { .line = (uint32_t)r->operands[2], .column = (uint32_t)r->operands[3], .message = message };
	s->path = reading_path(&d->reading, name_of(d->files, r->operands[1]), &s->outside);
	d->report->steps = d->steps;
	return s->path != NULL || keep_status(d, arena_full(d->reading.err));
}

/* Severity, file, line, column, offset, category, flag, length of the text. */
static bool
put_diagnostic(struct dia *d, const struct bits_record *r)
{
	if (r->count < 7 || d->depth == 0)
		return false;
	const char *message = copy(d, r->blob);
	if (message == NULL)
		return false;
	if (d->depth > 1)
		return put_step(d, r, message);
	struct sca_report *to = NULL;
	if (!keep_status(d, reading_add(&d->reading, &to)))
		return false;
	d->report = to;
	d->steps = NULL;
	to->message = message;
	to->line = (uint32_t)r->operands[2];
	to->column = (uint32_t)r->operands[3];
	to->path = reading_path(&d->reading, name_of(d->files, r->operands[1]), &to->outside);
	const char *flag = name_of(d->flags, r->operands[6]);
	to->check = flag[0] == '\0' ? "" : arena_printf(d->reading.arena, "-W%s", flag);
	if (to->path == NULL || to->check == NULL)
		return keep_status(d, arena_full(d->reading.err));
	to->level = r->operands[0] == LEVEL_NOTE || r->operands[0] == LEVEL_REMARK ? SCA_NOTE : SCA_WARNING;
	if (r->operands[0] > LEVEL_WARNING && r->operands[0] != LEVEL_REMARK)
		reading_broken(&d->reading, to);
	return true;
}

static bool
on_record(void *context, uint32_t block, const struct bits_record *r)
{
	struct dia *d = context;
	if (block == BLOCK_META && r->code == RECORD_VERSION) {
		d->has_version = r->count == 1 && r->operands[0] == FORMAT_VERSION;
		return d->has_version;
	}
	if (block != BLOCK_DIAG || !d->has_version)
		return false;
	switch (r->code) {
	case RECORD_DIAG:
		return put_diagnostic(d, r);
	case RECORD_FLAG:
		return put_name(d, d->flags, r);
	case RECORD_FILE:
		return put_name(d, d->files, r);
	default:
		return true;
	}
}

static bool
on_open(void *context, uint32_t block)
{
	struct dia *d = context;
	if (block == BLOCK_DIAG && d->depth++ == 0)
		d->report = NULL;
	return block == BLOCK_DIAG || (block == BLOCK_META && d->depth == 0);
}

static bool
on_close(void *context, uint32_t block)
{
	struct dia *d = context;
	if (block == BLOCK_DIAG)
		d->depth--;
	return block != BLOCK_DIAG || d->depth > 0 || d->report != NULL;
}

static void
dia_free(struct dia **d)
{
	free(*d);
}

enum assay_status
sca_read_clang_dia(const struct sca_input *in, struct arena *arena, struct sca_reading *ret_reading, struct assay_error *err)
{
	static const char magic[4] = { 'D', 'I', 'A', 'G' };
	CLEANUP(dia_free) struct dia *d = calloc(1, sizeof *d);
	const char *why = "";
	if (d == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to read '%s'", in->engine);
	d->reading = reading_begin(in, arena, err);
	if (in->bytes.len > SCA_OUTPUT_MAX)
		return reading_bad(&d->reading, ASSAY_E_LIMIT, "it is too large");
	if (in->bytes.len < sizeof magic || memcmp(in->bytes.data, magic, sizeof magic) != 0)
		return reading_bad(&d->reading, ASSAY_E_FORMAT, "these are no serialized diagnostics");
	const struct bits_events events = { d, on_open, on_close, on_record };
	const struct assay_span stream = { in->bytes.data + sizeof magic, in->bytes.len - sizeof magic };
	enum assay_status status = bits_read(stream, &events, &why);
	TRY(d->status);
	if (status != ASSAY_OK)
		return reading_bad(&d->reading, status, why);
	if (!d->has_version)
		return reading_bad(&d->reading, ASSAY_E_FORMAT, "it says no version that is known here");
	d->reading.out.documents = 1;
	*ret_reading = d->reading.out;
	return ASSAY_OK;
}
