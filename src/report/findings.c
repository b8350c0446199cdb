/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings for people: lines, and all of one.
 */
#include <base/text.h>
#include <report/findings.h>
#include <string.h>

#define DIGITS 12

static bool
ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), n = strlen(end);
	return len >= n && strcmp(text + len - n, end) == 0;
}

static bool
is_under(const char *path, const char *wanted)
{
	const size_t len = strlen(wanted);
	return strncmp(path, wanted, len) == 0 && (len == 0 || path[len] == '\0' || wanted[len - 1] == '/' || path[len] == '/');
}

static bool
reported_by(const struct sca_finding *f, const char *engine)
{
	for (size_t i = 0; i < f->report_count; i++) {
		if (strcmp(f->reports[i]->engine, engine) == 0)
			return true;
	}
	return false;
}

bool
report_filter_takes(const struct report_filter *filter, const struct sca_finding *f)
{
	return (filter->rule == NULL || ends_with(f->rule, filter->rule)) && (filter->path == NULL || is_under(f->path, filter->path))
	    && (filter->engine == NULL || reported_by(f, filter->engine))
	    && (filter->identity == NULL || strncmp(f->identity, filter->identity, strlen(filter->identity)) == 0)
	    && (filter->states == 0 || (filter->states & (1u << f->state)) != 0) && f->severity >= filter->severity;
}

size_t
report_findings_count(const struct report_findings *r)
{
	size_t count = 0;
	for (size_t i = 0; i < r->all->count; i++)
		count += report_filter_takes(&r->filter, &r->all->items[i]);
	return count;
}

static void
put(struct buf *out, const char *text)
{
	text_escape(out, assay_span_str(text), false);
}

static void
put_state(const struct report_findings *r, const struct sca_finding *f, struct buf *out)
{
	static const char *const colours[SCA_FINDING_STATES] = { [SCA_NEW] = "\033[31m", [SCA_OPEN] = "\033[31m", [SCA_DEVIATED] = "\033[33m",
		[SCA_FALSE_POSITIVE] = "", [SCA_FIXED] = "\033[32m", [SCA_NOT_OBSERVED] = "\033[33m" };
	const bool colour = r->colour && colours[f->state][0] != '\0';
	buf_addf(out, "%s%-14s%s", colour ? colours[f->state] : "", sca_finding_state_name(f->state), colour ? "\033[0m" : "");
}

static void
put_place(const struct sca_finding *f, struct buf *out)
{
	put(out, f->path);
	if (f->line > 0)
		buf_addf(out, ":%u", f->line);
	if (f->line > 0 && f->column > 0)
		buf_addf(out, ":%u", f->column);
}

static void
put_line(const struct report_findings *r, const struct sca_finding *f, struct buf *out)
{
	put_state(r, f, out);
	buf_addf(out, " %-9s %.*s  ", standard_severity_name(f->severity), DIGITS, f->identity);
	put(out, f->rule);
	buf_add_str(out, "  ");
	put_place(f, out);
	buf_add_str(out, "  ");
	put(out, f->message);
	if (f->state == SCA_NOT_OBSERVED) {
		buf_add_str(out, ": ");
		put(out, f->why);
	}
	buf_add_byte(out, '\n');
}

enum assay_status
report_findings_text(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	size_t by_state[SCA_FINDING_STATES] = { 0 }, listed = 0;
	for (size_t i = 0; i < r->all->count; i++) {
		const struct sca_finding *f = &r->all->items[i];
		if (!report_filter_takes(&r->filter, f))
			continue;
		put_line(r, f, out);
		by_state[f->state]++;
		listed++;
	}
	buf_addf(out, "%s%zu finding%s", listed > 0 ? "\n" : "", listed, listed == 1 ? "" : "s");
	for (size_t i = 0; i < SCA_FINDING_STATES; i++) {
		if (by_state[i] > 0)
			buf_addf(out, ", %zu %s", by_state[i], sca_finding_state_name((enum sca_finding_state)i));
	}
	buf_addf(out, "; %zu in all\n", r->all->count);
	return buf_status(out, "the list of findings", err);
}

/* ---- one of them ---- */

static void
put_field(struct buf *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_addf(out, "%-15s", name);
	put(out, value);
	buf_add_byte(out, '\n');
}

/* The line that it is about is marked; excerpts begin CODE_EXCERPT_LINES before it, or with the file. */
static void
put_excerpt(const struct sca_finding *f, struct buf *out)
{
	unsigned line = f->line > CODE_EXCERPT_LINES ? f->line - CODE_EXCERPT_LINES : 1;
	if (f->excerpt == NULL || f->excerpt[0] == '\0')
		return;
	buf_add_byte(out, '\n');
	for (const char *p = f->excerpt; *p != '\0'; line++) {
		const size_t len = strcspn(p, "\n");
		buf_addf(out, "%s %6u | ", line == f->line ? ">" : " ", line);
		for (size_t i = 0; i < len;) {
			const size_t run = strcspn(p + i, "\t\n");
			text_escape(out, (struct assay_span){ (const unsigned char *)p + i, run }, false);
			i += run;
			if (p[i] == '\t')
				buf_add_str(out, "    ");
			i += p[i] == '\t';
		}
		buf_add_byte(out, '\n');
		p += len + (p[len] == '\n');
	}
}

static void
put_all(const struct report_findings *r, const struct sca_finding *f, struct buf *out)
{
	put_field(out, "finding", f->identity);
	buf_addf(out, "%-15s", "state");
	put_state(r, f, out);
	buf_add_str(out, f->reopened ? " again, after it was closed\n" : "\n");
	put_field(out, "because", f->why);
	put_field(out, "rule", f->rule);
	put_field(out, "severity", standard_severity_name(f->severity));
	buf_addf(out, "%-15s", "place");
	put_place(f, out);
	buf_add_byte(out, '\n');
	put_field(out, "symbol", f->symbol);
	put_field(out, "problem", f->problem);
	put_field(out, "reach", f->reach);
	put_field(out, "safety effect", f->safety);
	put_field(out, "exploitability", f->exploitability);
	put_field(out, "first seen", f->first_seen);
	for (size_t i = 0; i < f->report_count; i++) {
		put_field(out, i == 0 ? "reported by" : "", f->reports[i]->check);
		put_field(out, "", f->reports[i]->message);
	}
	put_excerpt(f, out);
}

enum assay_status
report_findings_show(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	const char *between = "";
	for (size_t i = 0; i < r->all->count; i++) {
		if (!report_filter_takes(&r->filter, &r->all->items[i]))
			continue;
		buf_add_str(out, between);
		put_all(r, &r->all->items[i], out);
		between = "\n";
	}
	return buf_status(out, "findings", err);
}
