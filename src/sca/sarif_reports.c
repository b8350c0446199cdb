/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include "sarif.h"

#include <base/cleanup.h>
#include <base/text.h>

/* ---- URIs (RFC 3986, RFC 8089) ---- */

/* Percent signs taken away; NULL for a NUL, for what is no UTF-8 then, and without memory. */
static const char *
unescape(const char *uri, struct arena *arena)
{
	size_t n = 0, len = strlen(uri);
	char *to = arena_alloc(arena, len + 1);
	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)uri[i];
		if (byte == '%' && len - i > 2
		    && text_unhex((struct assay_span) { (const unsigned char *)uri + i + 1, 2 }, &byte, 1) == ASSAY_OK)
			i += 2;
		if (byte == 0)
			return NULL;
		to[n++] = (char)byte;
	}
	to[n] = '\0';
	return text_is_utf8((struct assay_span) { (const unsigned char *)to, n }) ? to : NULL;
}

static const char *
base_of(const struct sarif_run *run, const char *name)
{
	for (size_t i = 0; run != NULL && i < run->base_count; i++) {
		if (strcmp(run->bases[i].key, name) == 0)
			return run->bases[i].value;
	}
	return "";
}

static bool
has_scheme(const char *uri)
{
	size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	/* One letter is a drive. */
	return n > 1 && uri[n] == ':';
}

const char *
sarif_path(const struct sarif_run *run, const char *uri, const char *base, struct arena *arena)
{
	static const char file[] = "file:";
	const char *whole = uri;
	if (!has_scheme(uri) && uri[0] != '/' && base[0] != '\0') {
		const char *front = base_of(run, base);
		size_t n = strlen(front);
		whole = n == 0 ? uri : arena_printf(arena, "%s%s%s", front, front[n - 1] == '/' ? "" : "/", uri);
	}
	if (whole == NULL)
		return NULL;
	if (strncasecmp(whole, file, sizeof file - 1) == 0) {
		whole += sizeof file - 1;
		/* "file:///x" and "file://localhost/x" are "/x"; another host is no file of ours. */
		if (strncmp(whole, "//localhost/", 12) == 0)
			whole += 11;
		else if (strncmp(whole, "///", 3) == 0)
			whole += 2;
	} else if (has_scheme(whole)) {
		return NULL;
	}
	return unescape(whole, arena);
}

/* ---- reports ---- */

static enum assay_status
put_path(struct reading *r, const struct sarif_run *run, const struct sarif_place *from, const char **ret_path, bool *ret_outside)
{
	const char *path = sarif_path(run, from->uri, from->base, r->arena);
	*ret_path = reading_path(r, path != NULL ? path : from->uri, ret_outside);
	if (path == NULL)
		*ret_outside = true;
	return *ret_path != NULL ? ASSAY_OK : arena_full(r->err);
}

static enum assay_status
put_steps(struct reading *r, const struct sarif_run *run, const struct sarif_place *from, size_t count, struct sca_step *to,
    size_t *n)
{
	for (size_t i = 0; i < count; i++) {
		struct sca_step *s = &to[(*n)++];
		*s = (struct sca_step) { .line = from[i].line, .column = from[i].column, .message = from[i].message };
		TRY(put_path(r, run, &from[i], &s->path, &s->outside));
	}
	return ASSAY_OK;
}

static enum sca_level
level_of(const char *level)
{
	if (strcmp(level, "error") == 0)
		return SCA_ERROR;
	return strcmp(level, "warning") == 0 ? SCA_WARNING : SCA_NOTE;
}

/* 3.35.3: one whose review is still open, or was refused, suppresses nothing. */
static enum assay_status
put_suppression(struct reading *r, const struct sarif_result *x, struct sca_report *to)
{
	for (size_t i = 0; i < x->suppression_count; i++) {
		const struct sarif_suppression *s = &x->suppressions[i];
		if (s->status[0] != '\0' && strcmp(s->status, "accepted") != 0)
			continue;
		to->suppressed = true;
		to->suppression = arena_printf(r->arena, "%s%s%s", s->kind, s->justification[0] != '\0' ? ": " : "", s->justification);
		return to->suppression != NULL ? ASSAY_OK : arena_full(r->err);
	}
	return ASSAY_OK;
}

static enum assay_status
put_result(struct reading *r, const struct sarif_run *run, const struct sarif_result *x)
{
	struct sca_report *to = NULL;
	TRY(reading_add(r, &to));
	to->check = x->rule_id;
	to->message = x->message;
	to->level = level_of(x->level);
	to->cwe = x->cwe;
	to->fingerprints = x->fingerprints;
	to->fingerprint_count = x->fingerprint_count;
	if (x->place_count > 0) {
		const struct sarif_place *p = &x->places[0];
		TRY(put_path(r, run, p, &to->path, &to->outside));
		to->line = p->line;
		to->column = p->column;
		to->end_line = p->end_line;
		to->end_column = p->end_column;
		to->offset = p->offset;
		to->has_offset = p->has_offset;
	}
	TRY(put_suppression(r, x, to));
	struct sca_step *steps = arena_array(r->arena, x->flow_count + x->related_count + 1, sizeof *steps);
	if (steps == NULL)
		return arena_full(r->err);
	to->steps = steps;
	TRY(put_steps(r, run, x->flow, x->flow_count, steps, &to->step_count));
	return put_steps(r, run, x->related, x->related_count, steps, &to->step_count);
}

/* What the producer says of itself: an analysis that failed looks like one that found nothing. */
static void
put_failures(struct reading *r, const struct sarif_run *run)
{
	if (!run->has_results && r->out.broken == NULL)
		r->out.broken = "a run in it has no list of results";
	for (size_t i = 0; i < run->invocation_count; i++) {
		const struct sarif_invocation *v = &run->invocations[i];
		if (v->told && !v->successful && r->out.broken == NULL)
			r->out.broken = "the tool says that its execution failed";
		for (size_t j = 0; j < v->notification_count; j++) {
			if (strcmp(v->notifications[j].level, "error") != 0)
				continue;
			r->out.errors++;
			if (r->out.broken == NULL)
				r->out.broken = v->notifications[j].text;
		}
	}
}

static enum assay_status
put_seen(struct reading *r, const struct sarif_log *log)
{
	size_t most = 0;
	for (size_t i = 0; i < log->run_count; i++)
		most += log->runs[i].artifact_count;
	const char **seen = arena_array(r->arena, most + 1, sizeof *seen);
	if (seen == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < log->run_count; i++) {
		const struct sarif_run *run = &log->runs[i];
		for (size_t j = 0; j < run->artifact_count; j++) {
			const struct sarif_place p = { .uri = run->artifacts[j].uri, .base = run->artifacts[j].base };
			const char *path = NULL;
			bool outside = false;
			TRY(put_path(r, run, &p, &path, &outside));
			if (!outside)
				seen[r->out.seen_count++] = path;
		}
	}
	r->out.seen = seen;
	return ASSAY_OK;
}

enum assay_status
sca_read_sarif(const struct sca_input *in, struct arena *arena, struct sca_reading *ret_reading, struct assay_error *err)
{
	struct reading r = reading_begin(in, arena, err);
	struct sarif_log log;
	if (in->bytes.len > SCA_OUTPUT_MAX)
		return reading_bad(&r, ASSAY_E_LIMIT, "it is too large");
	TRY(sarif_parse(in->bytes, in->engine, arena, &log, err));
	r.out.tool = log.runs[0].tool;
	r.out.version = log.runs[0].version;
	r.out.documents = log.run_count;
	for (size_t i = 0; i < log.run_count; i++) {
		for (size_t j = 0; j < log.runs[i].result_count; j++)
			TRY(put_result(&r, &log.runs[i], &log.runs[i].results[j]));
		put_failures(&r, &log.runs[i]);
	}
	TRY(put_seen(&r, &log));
	*ret_reading = r.out;
	return ASSAY_OK;
}
