/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings as the page's data: {"total": n, "texts": [...], "rows": [[...], ...]}. A text stands once and rows name it by its number,
 * for excerpts, messages and paths come again and again. Texts are escaped as those of the page are, and no byte of them can end the
 * element that they stand in.
 */
#include "html_findings.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>

#define SCRATCH_MAX (1u << 20)
/* Rows whose words are made in one arena. */
#define BATCH 500

struct data {
	json_t *known;      /* text to its number */
	struct buf texts;   /* their JSON, with commas */
	struct buf rows;
	struct buf scratch;
	size_t count;
	enum assay_status status;
};

static void
data_done(struct data *d)
{
	canon_unref(&d->known);
	buf_done(&d->texts);
	buf_done(&d->rows);
	buf_done(&d->scratch);
}

static void
add_string(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("\"\\<>&\n", *p) != NULL)
			buf_addf(out, "\\u%04x", (unsigned)(unsigned char)*p);
		else
			buf_add_byte(out, (unsigned char)*p);
	}
	buf_add_byte(out, '"');
}

/* The number of a text that is escaped already. */
static void
number(struct data *d, const char *text)
{
	json_t *known = json_object_get(d->known, text);
	if (known == NULL) {
		known = json_integer((json_int_t)d->count);
		if (json_object_set_new(d->known, text, known) != 0) {
			d->status = ASSAY_E_MEMORY;
			return;
		}
		if (d->count++ > 0)
			buf_add_byte(&d->texts, ',');
		add_string(&d->texts, text);
	}
	buf_addf(&d->rows, ",%lld", (long long)json_integer_value(known));
}

static void
escaped(struct data *d, const char *text)
{
	buf_reset(&d->scratch);
	text_escape(&d->scratch, assay_span_str(text == NULL ? "" : text), false);
	if (d->scratch.status != ASSAY_OK)
		d->status = d->scratch.status;
	else
		number(d, buf_str(&d->scratch));
}

/* A list in a row: its commas stand before each number, so the first one is the list's own. */
static void
open_list(struct data *d)
{
	buf_add_str(&d->rows, ",[0");
}

static void
add_row(struct data *d, const struct code_row *row)
{
	const struct sca_finding *f = row->f;
	buf_addf(&d->rows, "%s[\"%s\"", d->rows.len == 0 ? "" : ",", f->identity);
	escaped(d, row->look);
	escaped(d, row->state);
	escaped(d, standard_severity_name(f->severity));
	escaped(d, f->rule);
	escaped(d, f->message);
	escaped(d, f->path);
	buf_addf(&d->rows, ",%u,%u,%u", f->line, f->column, row->first_line);
	number(d, row->excerpt);
	escaped(d, row->agree);
	open_list(d);
	for (size_t i = 0; i < row->fact_count; i++) {
		/* The identity stands first in the row. */
		if (row->facts[i].text == f->identity)
			continue;
		escaped(d, row->facts[i].term);
		escaped(d, row->facts[i].text);
	}
	buf_add_str(&d->rows, "]");
	open_list(d);
	for (size_t i = 0; i < row->report_count; i++) {
		escaped(d, f->reports[i]->check);
		escaped(d, f->reports[i]->message);
		buf_addf(&d->rows, ",%u", f->reports[i]->line);
	}
	buf_addf(&d->rows, "],%zu]", f->report_count - row->report_count);
}

/* Rows from *at on; it stands behind the last one that there was room for. */
static enum assay_status
add_batch(struct data *d, const struct page *p, const struct sca_finding *const *rows, size_t count, page_asked *asked, size_t *at,
    struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	TRY(arena_new(REPORT_ARENA_MAX, &arena));
	for (size_t end = count - *at < BATCH ? count : *at + BATCH; *at < end; (*at)++) {
		struct code_row row;
		if (d->texts.len + d->rows.len > PAGE_CODE_BYTES_MAX)
			return ASSAY_OK;
		TRY(code_row_of(rows[*at], asked(p, rows[*at]), arena, &row, err));
		add_row(d, &row);
	}
	return ASSAY_OK;
}

enum assay_status
page_findings_data(struct page *p, const struct sca_finding *const *rows, size_t count, page_asked *asked, size_t total,
    struct assay_error *err)
{
	CLEANUP(data_done) struct data d = { .known = json_object(), .texts = BUF_INIT(p->h.out->cap), .rows = BUF_INIT(p->h.out->cap),
		.scratch = BUF_INIT(SCRATCH_MAX) };
	struct html *h = &p->h;
	if (d.known == NULL)
		return arena_full(err);
	for (size_t at = 0, from = 0; at < count; from = at) {
		TRY(add_batch(&d, p, rows, count, asked, &at, err));
		if (at == from)
			break;
	}
	if (d.status != ASSAY_OK)
		return assay_fail(err, d.status, "the findings in code don't fit into the page");
	TRY(buf_status(&d.texts, "the page", err));
	TRY(buf_status(&d.rows, "the page", err));
	html_begin(h, "script", NULL);
	html_attr(h, "type", "application/json");
	html_attr(h, "id", "code-data");
	char line[64];
	(void)snprintf(line, sizeof line, "{\"total\":%zu,\"texts\":[", total);
	html_own(h, assay_span_str(line));
	html_own(h, buf_span(&d.texts));
	html_own(h, assay_span_str("],\"rows\":["));
	html_own(h, buf_span(&d.rows));
	html_own(h, assay_span_str("]}"));
	html_end(h);
	return ASSAY_OK;
}
