/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings for spreadsheets, for test reports, and beside the lines of a pull request.
 */
#include <base/text.h>
#include <report/findings.h>
#include <string.h>

static bool
is_open(const struct sca_finding *f)
{
	return f->state == SCA_NEW || f->state == SCA_OPEN;
}

/* ---- CSV ---- */

/* A spreadsheet computes what begins like a formula, and some do after white space. */
static void
put_cell(struct buf *out, const char *text)
{
	struct buf shown = BUF_INIT(1u << 20);
	const char *first = text + strspn(text, " \t\r\n");
	text_escape(&shown, assay_span_str(text), false);
	buf_add_byte(out, '"');
	if (*first != '\0' && strchr("=+-@", *first) != NULL)
		buf_add_byte(out, '\'');
	for (const char *p = buf_str(&shown); *p != '\0'; p++) {
		if (*p == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, (unsigned char)*p);
	}
	buf_add_byte(out, '"');
	buf_done(&shown);
}

static void
put_number(struct buf *out, unsigned number)
{
	if (number > 0)
		buf_addf(out, "%u", number);
}

enum assay_status
report_findings_csv(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	buf_add_str(out, "finding,rule,severity,state,path,line,column,symbol,message,engines,problem,reach,safety-effect,exploitability,"
			 "first-seen,because\r\n");
	for (size_t i = 0; i < r->all->count; i++) {
		const struct sca_finding *f = &r->all->items[i];
		if (!report_filter_takes(&r->filter, f))
			continue;
		const char *before[] = { f->identity, f->rule, standard_severity_name(f->severity), sca_finding_state_name(f->state), f->path };
		const char *behind[] = { f->problem, f->reach, f->safety, f->exploitability, f->first_seen, f->why };
		for (size_t k = 0; k < sizeof before / sizeof before[0]; k++) {
			put_cell(out, before[k]);
			buf_add_byte(out, ',');
		}
		put_number(out, f->line);
		buf_add_byte(out, ',');
		put_number(out, f->column);
		buf_add_byte(out, ',');
		put_cell(out, f->symbol);
		buf_add_byte(out, ',');
		put_cell(out, f->message);
		buf_addf(out, ",%u", f->engines);
		for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++) {
			buf_add_byte(out, ',');
			put_cell(out, behind[k] == NULL ? "" : behind[k]);
		}
		buf_add_str(out, "\r\n");
	}
	return buf_status(out, "the table of findings", err);
}

/* ---- JUnit ---- */

/* Control characters have no place in XML 1.0, escaped or not. */
static void
put_xml(struct buf *out, const char *text)
{
	static const char *const names[] = { ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&apos;" };
	struct buf shown = BUF_INIT(1u << 20);
	text_escape(&shown, assay_span_str(text), false);
	for (const unsigned char *p = (const unsigned char *)buf_str(&shown); *p != '\0'; p++) {
		const char *name = *p < sizeof names / sizeof names[0] ? names[*p] : NULL;
		if (name != NULL)
			buf_add_str(out, name);
		else
			buf_add_byte(out, *p);
	}
	buf_done(&shown);
}

static void
put_case(const struct sca_finding *f, struct buf *out)
{
	buf_add_str(out, "    <testcase classname=\"");
	put_xml(out, f->path);
	buf_add_str(out, "\" name=\"");
	put_xml(out, f->rule);
	buf_addf(out, " %.12s\"", f->identity);
	if (!is_open(f)) {
		buf_add_str(out, "/>\n");
		return;
	}
	buf_addf(out, ">\n      <failure type=\"%s\" message=\"", sca_finding_state_name(f->state));
	put_xml(out, f->message);
	buf_add_str(out, "\">");
	put_xml(out, f->path);
	buf_addf(out, ":%u: ", f->line);
	put_xml(out, f->message);
	buf_add_str(out, "</failure>\n    </testcase>\n");
}

enum assay_status
report_findings_junit(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	size_t failures = 0;
	for (size_t i = 0; i < r->all->count; i++)
		failures += report_filter_takes(&r->filter, &r->all->items[i]) && is_open(&r->all->items[i]);
	const size_t count = report_findings_count(r);
	buf_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\" tests=\"%zu\" failures=\"%zu\">\n", count, failures);
	buf_addf(out, "  <testsuite name=\"findings\" tests=\"%zu\" failures=\"%zu\">\n", count, failures);
	for (size_t i = 0; i < r->all->count; i++) {
		if (report_filter_takes(&r->filter, &r->all->items[i]))
			put_case(&r->all->items[i], out);
	}
	buf_add_str(out, "  </testsuite>\n</testsuites>\n");
	return buf_status(out, "the test report", err);
}

/* ---- GitHub ---- */

/* '%' and what ends a line are escaped everywhere, ':' and ',' in what stands before the two colons. */
static void
put_command(struct buf *out, const char *text, bool property)
{
	struct buf shown = BUF_INIT(1u << 20);
	text_escape(&shown, assay_span_str(text), false);
	for (const unsigned char *p = (const unsigned char *)buf_str(&shown); *p != '\0'; p++) {
		if (*p == '%' || *p == '\r' || *p == '\n' || (property && (*p == ':' || *p == ',')))
			buf_addf(out, "%%%02X", *p);
		else
			buf_add_byte(out, *p);
	}
	buf_done(&shown);
}

enum assay_status
report_findings_github(const struct report_findings *r, struct buf *out, struct assay_error *err)
{
	static const char *const levels[] = { [SEVERITY_NOT_GIVEN] = "warning", [SEVERITY_LOW] = "notice", [SEVERITY_MEDIUM] = "warning",
		[SEVERITY_HIGH] = "error" };
	for (size_t i = 0; i < r->all->count; i++) {
		const struct sca_finding *f = &r->all->items[i];
		if (!report_filter_takes(&r->filter, f) || !is_open(f))
			continue;
		buf_addf(out, "::%s file=", levels[f->severity]);
		put_command(out, f->path, true);
		if (f->line > 0)
			buf_addf(out, ",line=%u", f->line);
		if (f->column > 0)
			buf_addf(out, ",col=%u", f->column);
		buf_add_str(out, ",title=");
		put_command(out, f->rule, true);
		buf_add_str(out, "::");
		put_command(out, f->message, false);
		buf_addf(out, " (%.12s)\n", f->identity);
	}
	return buf_status(out, "annotations", err);
}
