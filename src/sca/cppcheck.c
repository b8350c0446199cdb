/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/xml.h>

#define STEPS_MAX 64

/*
 * Reports by which cppcheck says that it didn't look at all of the code, while it exits 0. Of "information" those that say so; the
 * others speak of its own settings.
 */
static const char *const broken_ids[] = { "syntaxError", "preprocessorErrorDirective", "unknownMacro", "internalAstError",
	"internalError", "cppcheckError", "internalErrorInvalidUsage", "noValidConfiguration", "unhandledChar", "fileNotFound",
	"checkLevelNormal", "premium-internalError", "instantiationError", "UnsupportedEncoding", "simplifyTypedef" };
/* It looked at what one set of macros leaves. */
static const char *const part_ids[] = { "toomanyconfigs", "ConfigurationNotChecked", "normalCheckLevelMaxBranches" };

struct cppcheck {
	struct reading reading;
	enum assay_status status;
	struct sca_report *report; /* the <error> that is open */
	struct sca_step *steps;
	bool in_results, ended, has_place;
};

static bool
is_one_of(const char *id, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(id, list[i]) == 0)
			return true;
	}
	return false;
}

static enum sca_level
level_of(const char *severity)
{
	if (strcmp(severity, "error") == 0)
		return SCA_ERROR;
	return strcmp(severity, "information") == 0 || strcmp(severity, "debug") == 0 ? SCA_NOTE : SCA_WARNING;
}

static uint32_t
number(const char **attributes, const char *name)
{
	const char *text = xml_attribute(attributes, name);
	uint64_t v = 0;
	if (text == NULL || text_to_u64(assay_span_str(text), &v) != ASSAY_OK || v > UINT32_MAX)
		return 0;
	return (uint32_t)v;
}

/* expat's texts live as long as the call. */
static const char *
copy(struct cppcheck *c, const char **attributes, const char *name)
{
	const char *text = xml_attribute(attributes, name);
	const char *copied = text == NULL ? "" : arena_str(c->reading.arena, text);
	if (copied == NULL)
		c->status = arena_full(c->reading.err);
	return copied != NULL ? copied : "";
}

static void
open_error(struct cppcheck *c, const char **attributes)
{
	c->status = reading_add(&c->reading, &c->report);
	if (c->status != ASSAY_OK)
		return;
	c->report->check = copy(c, attributes, "id");
	c->report->message = copy(c, attributes, "msg");
	c->report->cwe = number(attributes, "cwe");
	const char *severity = xml_attribute(attributes, "severity");
	c->report->level = level_of(severity != NULL ? severity : "");
	c->steps = arena_array(c->reading.arena, STEPS_MAX, sizeof *c->steps);
	if (c->steps == NULL)
		c->status = arena_full(c->reading.err);
	c->report->steps = c->steps;
	c->has_place = false;
	if (is_one_of(c->report->check, broken_ids, sizeof broken_ids / sizeof broken_ids[0]))
		reading_broken(&c->reading, c->report);
	else if (is_one_of(c->report->check, part_ids, sizeof part_ids / sizeof part_ids[0]) && c->reading.out.broken == NULL)
		c->reading.out.broken = c->report->message;
}

/* The first is where the fault shows, the others led there. */
static void
open_place(struct cppcheck *c, const char **attributes)
{
	struct sca_report *to = c->report;
	const char *told = xml_attribute(attributes, "file");
	bool outside = false;
	const char *path = reading_path(&c->reading, told != NULL ? told : "", &outside);
	if (path == NULL) {
		c->status = arena_full(c->reading.err);
	} else if (!c->has_place) {
		to->path = path;
		to->outside = outside;
		to->line = number(attributes, "line");
		to->column = number(attributes, "column");
		c->has_place = true;
	} else if (to->step_count < STEPS_MAX) {
		c->steps[to->step_count++] = (struct sca_step) { path, outside, number(attributes, "line"),
			number(attributes, "column"), copy(c, attributes, "info") };
	}
}

static void
on_open(void *context, const char *name, const char **attributes)
{
	struct cppcheck *c = context;
	const char *version = xml_attribute(attributes, "version");
	if (c->status != ASSAY_OK)
		return;
	if (strcmp(name, "results") == 0)
		c->in_results = version != NULL && strcmp(version, "2") == 0;
	else if (strcmp(name, "cppcheck") == 0)
		c->reading.out.version = copy(c, attributes, "version");
	else if (strcmp(name, "error") == 0)
		open_error(c, attributes);
	else if (strcmp(name, "location") == 0 && c->report != NULL)
		open_place(c, attributes);
}

static void
on_close(void *context, const char *name)
{
	struct cppcheck *c = context;
	if (strcmp(name, "error") == 0)
		c->report = NULL;
	else if (strcmp(name, "results") == 0)
		c->ended = c->in_results;
}

enum assay_status
sca_read_cppcheck(const struct sca_input *in, struct arena *arena, struct sca_reading *ret_reading, struct assay_error *err)
{
	struct cppcheck c = { .reading = reading_begin(in, arena, err) };
	const struct xml_events events = { &c, on_open, on_close, NULL };
	if (in->bytes.len > SCA_OUTPUT_MAX)
		return reading_bad(&c.reading, ASSAY_E_LIMIT, "it is too large");
	TRY(xml_read(in->bytes, in->engine, &events, err));
	TRY(c.status);
	if (!c.ended)
		return reading_bad(&c.reading, ASSAY_E_FORMAT, "it is no list of results of version 2");
	c.reading.out.tool = "Cppcheck";
	c.reading.out.documents = 1;
	*ret_reading = c.reading.out;
	return ASSAY_OK;
}
