/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the findings: the engines, as they ran over HEAD's files, and the rules that they were shown to enforce.
 */
#include "html_page.h"
#include "shown.h"

#include <base/cleanup.h>
#include <judge/code.h>
#include <sca/demo.h>

#define LISTED_MAX 2000

/* ---- engines ---- */

/* Units of HEAD that it went through to their end, of those that were given to engines. */
static void
looked_cell(struct html *h, const struct code_base *b, const struct code_engine *e)
{
	size_t given = 0, looked = 0;
	for (size_t i = 0; i < b->run->unit_count; i++) {
		const struct analysis_unit *u = &b->run->units[i];
		if (u->refused[0] != '\0')
			continue;
		given++;
		looked += sca_looked_at(&e->looked, &e->options, u->file);
	}
	html_begin(h, "td", looked < given ? "v-unknown" : NULL);
	html_begin(h, "span", looked < given ? "word" : NULL);
	html_textf(h, "%zu of %zu units", looked, given);
	html_end(h);
	html_end(h);
}

/* The own engine reads files and not units. */
static void
read_cell(struct html *h, const struct code_base *b)
{
	size_t files = 0, read = 0;
	for (size_t i = 0; i < b->file_count; i++) {
		const struct code_file *f = &b->files[i];
		if (f->exclude != NULL || f->language == NULL || !code_is_c(f->language))
			continue;
		files++;
		read += f->own.read;
	}
	html_begin(h, "td", read < files ? "v-unknown" : NULL);
	html_begin(h, "span", read < files ? "word" : NULL);
	html_textf(h, "%zu of %zu files", read, files);
	html_end(h);
	html_leaf(h, "span", "by", "part of assay: looks when the evidence is judged");
	html_end(h);
}

static void
digest_cell(struct html *h, const char *digest)
{
	html_begin(h, "td", NULL);
	if (digest[0] != '\0')
		page_object(h, digest);
	html_end(h);
}

static void
unknown_checks(struct html *h, const struct analysis_engine *e)
{
	if (e->unknown_count == 0)
		return;
	html_begin(h, "span", "by");
	html_text(h, "doesn't know ");
	for (size_t i = 0; i < e->unknown_count; i++) {
		html_text(h, i == 0 ? "" : ", ");
		html_leaf(h, "code", NULL, e->unknown[i]);
	}
	html_end(h);
}

static void
engine_state(struct html *h, const struct code_engine *e)
{
	const char *why = e->refused != NULL ? e->refused : e->ran == NULL ? "the record of the analysis doesn't name it" : e->ran->why;
	html_begin(h, "td", "v-unknown");
	html_leaf(h, "span", "word", "not run");
	html_begin(h, "span", "by");
	html_leaf(h, "bdi", NULL, why);
	html_end(h);
	html_end(h);
}

/* Files that reports from elsewhere name, of those that the plan has it look at. */
static void
imported_cell(struct html *h, const struct code_base *b, const struct code_engine *e)
{
	size_t files = 0, looked = 0;
	for (size_t i = 0; i < b->file_count; i++) {
		const struct code_file *f = &b->files[i];
		if (f->exclude != NULL || !code_engine_reads(b, e, f->language))
			continue;
		files++;
		looked += code_import_look(b, e, f) == CODE_LOOKED;
	}
	html_begin(h, "td", looked < files || e->import_count == 0 ? "v-unknown" : NULL);
	html_begin(h, "span", looked < files || e->import_count == 0 ? "word" : NULL);
	if (e->import_count == 0)
		html_text(h, "no report given");
	else
		html_textf(h, "%zu of %zu files", looked, files);
	html_end(h);
	html_leaf(h, "span", "by", "run elsewhere: on the word of whoever ran it");
	html_end(h);
}

/* As the report itself names what wrote it. */
static void
imported_version(struct html *h, const struct code_engine *e)
{
	for (size_t i = 0; i < e->import_count; i++) {
		const struct sarif_run *run = e->imports[i].x->run_count > 0 ? e->imports[i].x->runs[0].run : NULL;
		if (run == NULL)
			continue;
		html_begin(h, "span", "by");
		html_leaf(h, "bdi", NULL, run->tool);
		html_text(h, " ");
		html_leaf(h, "bdi", NULL, run->version);
		html_end(h);
	}
}

static void
version_cell(struct html *h, const struct code_engine *e)
{
	const struct analysis_engine *r = e->ran;
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, r != NULL ? r->version : e->inside ? ASSAY_VERSION : "");
	imported_version(h, e);
	if (r != NULL && r->program[0] != '\0') {
		html_begin(h, "span", "by");
		html_leaf(h, "code", NULL, r->program);
		html_end(h);
	}
	html_end(h);
}

static void
engine_row(struct html *h, const struct code_base *b, const struct code_engine *e)
{
	const struct analysis_engine *r = e->ran;
	const bool ran = r != NULL && r->found && e->refused == NULL;
	html_begin(h, "tr", NULL);
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_leaf(h, "bdi", NULL, e->name);
	html_end(h);
	version_cell(h, e);
	digest_cell(h, r != NULL ? r->digest : "");
	digest_cell(h, r != NULL ? r->options : "");
	html_begin(h, "td", NULL);
	if ((!e->inside && !e->imported) || e->options.check_count > 0)
		html_textf(h, "%zu check%s", e->options.check_count, e->options.check_count == 1 ? "" : "s");
	if (r != NULL)
		unknown_checks(h, r);
	html_end(h);
	if (e->inside)
		read_cell(h, b);
	else if (e->imported)
		imported_cell(h, b, e);
	else if (ran)
		looked_cell(h, b, e);
	else
		engine_state(h, e);
	html_end(h);
}

static void
engines_table(struct html *h, const struct code_base *b)
{
	static const char *const names[] = { "Engine", "Version", "Program's SHA-256", "Options' SHA-256", "Asked for", "Looked at" };
	html_leaf(h, "h3", NULL, "Engines");
	page_table(h, "Engines that the plan names", names, sizeof names / sizeof names[0]);
	for (size_t i = 0; i < b->engine_count; i++)
		engine_row(h, b, &b->engines[i]);
	html_end(h);
	html_end(h);
	html_end(h);
}

/* ---- what they were given ---- */

static void
run_facts(struct html *h, const struct code_base *b)
{
	const struct analysis *run = b->run;
	size_t in_scope = 0, excluded = 0, refused = 0, broken = 0;
	CLEANUP(buf_done) struct buf words = BUF_INIT(64u << 10);
	for (size_t i = 0; i < b->file_count; i++) {
		excluded += b->files[i].exclude != NULL;
		in_scope += b->files[i].exclude == NULL;
	}
	for (size_t i = 0; i < run->unit_count; i++) {
		refused += run->units[i].refused[0] != '\0';
		broken += run->units[i].refused[0] == '\0' && !run->units[i].compiles;
	}
	html_begin(h, "dl", "facts");
	buf_addf(&words, "%zu of code in scope, %zu excluded by the plan", in_scope, excluded);
	page_term(h, "Files", buf_str(&words));
	buf_reset(&words);
	buf_addf(&words, "%zu (units: %s)", run->unit_count, run->units_from[0] != '\0' ? run->units_from : "none");
	if (refused > 0)
		buf_addf(&words, "; %zu given to no engine", refused);
	if (broken > 0)
		buf_addf(&words, "; %zu not read to their end by the compiler", broken);
	if (run->units_why[0] != '\0')
		buf_addf(&words, "; %s", run->units_why);
	page_term(h, "Units", buf_str(&words));
	buf_reset(&words);
	buf_addf(&words, "%s%s%s", run->cage[0] != '\0' ? run->cage : "nothing was run", run->cage_why[0] != '\0' ? ": " : "", run->cage_why);
	page_term(h, "Sandbox", buf_str(&words));
	html_end(h);
}

/* ---- rules ---- */

/* The first snippet by which it isn't shown. */
static const char *
first_wrong(const struct sca_demo *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct sca_shown *one = &d->shown[i];
		if (one->state == SCA_SHOWN_NOT_RUN || one->snippet->bad != (one->state == SCA_SHOWN_REPORTED))
			return one->snippet->name;
	}
	return "";
}

static size_t
most_agreeing(const struct sca_demo *d)
{
	size_t most = 0;
	for (size_t i = 0; i < d->count; i++)
		most = d->shown[i].snippet->bad && d->shown[i].agree > most ? d->shown[i].agree : most;
	return most;
}

static void
demo_row(struct html *h, const struct sca_demo *d)
{
	const struct report_demo_state *state = report_demo_state(d);
	html_begin(h, "tr", state->look);
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_leaf(h, "bdi", NULL, d->row->rule);
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "span", "word", state->words);
	html_end(h);
	html_begin(h, "td", NULL);
	html_textf(h, "%zu of %zu", d->caught, d->bad);
	html_end(h);
	html_begin(h, "td", NULL);
	html_textf(h, "%zu of %zu", d->flagged, d->good);
	html_end(h);
	html_begin(h, "td", NULL);
	html_textf(h, "%zu", most_agreeing(d));
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "code", NULL, first_wrong(d));
	html_end(h);
	html_end(h);
}

static void
demos_table(struct html *h, const struct code_base *b, bool shown, const char *label)
{
	static const char *const names[] = { "Rule", "Demonstrated", "Faults caught", "Sound flagged", "Engines that agree",
		"First that isn't as it should" };
	size_t listed = 0, left = 0;
	page_table(h, label, names, sizeof names / sizeof names[0]);
	for (size_t i = 0; i < b->demo_count; i++) {
		if (sca_demo_shown(&b->demos[i]) != shown)
			continue;
		if (listed++ < LISTED_MAX)
			demo_row(h, &b->demos[i]);
		else
			left++;
	}
	html_end(h);
	html_end(h);
	html_end(h);
	if (left == 0)
		return;
	html_begin(h, "p", "note");
	html_textf(h, "%zu more aren't listed here; 'assay standard' prints all of them.", left);
	html_end(h);
}

static void
rules(struct html *h, const struct code_base *b)
{
	size_t shown = 0, shared = 0;
	for (size_t i = 0; i < b->demo_count; i++) {
		shown += sca_demo_shown(&b->demos[i]);
		shared += b->demos[i].good > 0 && report_demo_shared(&b->demos[i]);
	}
	html_leaf(h, "h3", NULL, "Rules");
	html_begin(h, "p", "lead");
	html_textf(h, "%zu of %zu rules that the plan has checks enforce are shown to be: in this very run each of their faulty snippets was "
	    "reported at the line at fault, and none of the sound ones%s.", shown, b->demo_count,
	    b->imported ? "; of analysers that are run elsewhere, what was planted for them" : "");
	if (shared > 0)
		html_textf(h, " Of %zu more, checks report a part, and reviewers are asked about the rest.", shared);
	html_end(h);
	if (shown < b->demo_count)
		demos_table(h, b, false, "Rules that aren't shown to be enforced by checks alone");
	if (shown == 0)
		return;
	html_begin(h, "details", "alternative");
	html_begin(h, "summary", NULL);
	html_textf(h, "The %zu that are shown", shown);
	html_end(h);
	demos_table(h, b, true, "Rules that are shown to be enforced");
	html_end(h);
}

void
page_demonstration(struct page *p)
{
	const struct code_base *b = p->v->code;
	struct html *h = &p->h;
	if (b == NULL || b->run == NULL)
		return;
	html_begin(h, "section", "papers demonstration");
	html_attr(h, "aria-labelledby", "demonstration");
	page_heading(h, "demonstration", "Demonstration");
	html_leaf(h, "p", "lead", "The programs that looked at the code, and what they did with small programs of which it is known what is wrong "
	    "with them. Judged under sca.complete, sca.tuned and sca.demonstrated.");
	run_facts(h, b);
	engines_table(h, b);
	rules(h, b);
	html_end(h);
}
