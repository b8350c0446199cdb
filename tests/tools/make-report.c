/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make-report SCENARIO FORMAT [ID]: writes one report of hand-made verdicts to standard output, for the tests that need a reader
 * from outside (a browser, a schema validator). "time" instead of a format prints how long each takes.
 */
#include "sample_verdicts.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <report/findings.h>
#include <report/report.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define OUT_MAX (256u << 20)
#define ROUNDS 5

struct request {
	struct sample *s;
	const char *id;
};

static const char signer[] = "SHA256:0AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/abcd";

static enum assay_status
terminal(const struct request *r, struct buf *out, struct assay_error *err)
{
	struct report_style style = { .width = 80 };
	return report_terminal(&r->s->verdicts, &style, out, err);
}

static enum assay_status
verbose(const struct request *r, struct buf *out, struct assay_error *err)
{
	struct report_style style = { .width = 100, .verbose = true, .colour = true };
	return report_terminal(&r->s->verdicts, &style, out, err);
}

static enum assay_status
json(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_json(&r->s->verdicts, out, err);
}

static enum assay_status
sarif(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_sarif(&r->s->verdicts, out, err);
}

/* Nothing for a scenario without findings in code. */
static enum assay_status
findings(const struct request *r, struct buf *out, struct assay_error *err)
{
	const struct report_findings all = { .all = r->s->verdicts.findings, .subject = r->s->verdicts.subject };
	return all.all != NULL ? report_findings_json(&all, out, err) : ASSAY_OK;
}

static enum assay_status
html(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_html(&r->s->verdicts, &r->s->input, signer, out, err);
}

static enum assay_status
unsigned_html(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_html(&r->s->verdicts, &r->s->input, NULL, out, err);
}

static enum assay_status
explain(const struct request *r, struct buf *out, struct assay_error *err)
{
	struct report_style style = { .width = 80 };
	return report_explain(&r->s->catalog, r->id, &r->s->verdicts, &style, out, err);
}

static enum assay_status
explain_json(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_explain_json(&r->s->catalog, r->id, &r->s->verdicts, out, err);
}

static enum assay_status
explain_json_alone(const struct request *r, struct buf *out, struct assay_error *err)
{
	return report_explain_json(&r->s->catalog, r->id, NULL, out, err);
}

static const struct {
	const char *name;
	enum assay_status (*write)(const struct request *r, struct buf *out, struct assay_error *err);
} formats[] = {
	{ "terminal", terminal },
	{ "verbose", verbose },
	{ "json", json },
	{ "sarif", sarif },
	{ "findings", findings },
	{ "html", html },
	{ "html-unsigned", unsigned_html },
	{ "explain", explain },
	{ "explain-json", explain_json },
	{ "explain-json-alone", explain_json_alone },
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum assay_status
time_all(const struct request *r, struct assay_error *err)
{
	for (size_t i = 0; i < FORMATS; i++) {
		double best = 0;
		size_t bytes = 0;
		for (int round = 0; round < ROUNDS; round++) {
			CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
			double start = now();
			TRY(formats[i].write(r, &out, err));
			double took = now() - start;
			best = round == 0 || took < best ? took : best;
			bytes = out.len;
		}
		printf("%-20s %8.2f ms %10zu bytes\n", formats[i].name, best, bytes);
	}
	return ASSAY_OK;
}

static enum assay_status
run(const char *format, const struct request *r, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	if (strcmp(format, "time") == 0)
		return time_all(r, err);
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, format) != 0)
			continue;
		TRY(formats[i].write(r, &out, err));
		if (fwrite(out.data, 1, out.len, stdout) != out.len)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't write the report");
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_USAGE, "no format is called '%s'", format);
}

int
main(int argc, char **argv)
{
	struct assay_error err;
	assay_error_clear(&err);
	CLEANUP(sample_done) struct sample s = { .arena = NULL };
	if (argc < 3) {
		fprintf(stderr, "use: make-report SCENARIO FORMAT [ID]\n");
		return 2;
	}
	enum assay_status status = sample_make(argv[1], &s, &err);
	struct request r = { &s, argc > 3 ? argv[3] : "repo.signed" };
	if (status == ASSAY_OK)
		status = run(argv[2], &r, &err);
	if (status != ASSAY_OK)
		fprintf(stderr, "make-report: %s (%s)\n", err.what, err.todo);
	return status == ASSAY_OK ? 0 : 1;
}
