/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_findings.h"

#include <base/cleanup.h>
#include <judge/code.h>
#include <sca/demo.h>
#include <string.h>

#define UNITS 12
#define ENGINES 6
/* One fault in so many is missed, one sound snippet in so many flagged. */
#define MISSED 31
#define FLAGGED 53

struct making {
	struct sample *s;
	struct code_base *b;
	struct analysis *run;
	struct sca_shown_by by[ENGINES];
	bool failed;
};

static void *
array(struct making *m, size_t count, size_t size)
{
	void *p = arena_array(m->s->arena, count + 1, size);
	m->failed |= p == NULL;
	return p;
}

static bool
is_missing(const char *engine)
{
	return strcmp(engine, "flawfinder") == 0;
}

static void
units(struct making *m)
{
	struct analysis_unit *u = array(m, UNITS, sizeof *u);
	struct code_file *files = array(m, UNITS, sizeof *files);
	static const struct plan_exclude exclude = { .what = "third_party/", .reason = "checked by its own maker" };
	for (size_t i = 0; !m->failed && i < UNITS; i++) {
		const char *name = arena_printf(m->s->arena, "src/part%zu.c", i);
		m->failed |= name == NULL;
		u[i] = (struct analysis_unit){ .file = name, .refused = i == 3 ? "its compile command names a plugin" : "", .compiles = i != 3 && i != 7,
			.why = i == 7 ? "a header isn't there" : "" };
		files[i] = (struct code_file){ .language = sca_language_of(name), .exclude = i == 11 ? &exclude : NULL, .units = 1,
			.own = { .read = i != 5 } };
	}
	m->run->units = u;
	m->run->unit_count = UNITS;
	m->b->files = files;
	m->b->file_count = UNITS;
}

static void
engine(struct making *m, const char *name)
{
	struct analysis_engine *ran = array(m, 1, sizeof *ran);
	struct sca_pass *pass = array(m, 1, sizeof *pass);
	const char **looked = array(m, UNITS, sizeof *looked);
	struct code_engine *e = &m->b->engines[m->b->engine_count];
	size_t count = 0;
	if (m->failed)
		return;
	*ran = (struct analysis_engine){ .name = name, .found = !is_missing(name), .why = is_missing(name) ? "no program 'flawfinder' is here" : "",
		.version = is_missing(name) ? "" : "12.2.0", .program = is_missing(name) ? "" : "/usr/bin/engine", .digest = "", .options = "" };
	if (ran->found) {
		ran->digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
		ran->options = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
	}
	pass->name = name;
	for (size_t i = 0; ran->found && i < UNITS; i++) {
		/* Names are sorted as text: those with one digit, which all are but two. */
		if (i != 3 && i < 10 && (i != 7 || m->b->engine_count > 0))
			looked[count++] = arena_printf(m->s->arena, "src/part%zu.c\n%s", i, name);
	}
	*e = (struct code_engine){ .name = name, .inside = strcmp(name, "assay") == 0, .ran = strcmp(name, "assay") == 0 ? NULL : ran };
	e->options = (struct sca_options){ .engine = name, .check_count = 9, .passes = pass, .pass_count = 1 };
	e->looked = (struct sca_looked){ looked, count };
	m->b->engine_count++;
}

/* What an engine reports over the snippets: by the first check of each rule's row. */
static void
show(struct making *m, size_t at)
{
	const char *name = m->b->engines[at].name;
	const struct sca_snippets *all = m->b->snippets;
	struct sca_report *reports = array(m, all->count, sizeof *reports);
	const char **ran = array(m, all->count, sizeof *ran);
	size_t count = 0;
	for (size_t i = 0; !m->failed && i < all->count; i++) {
		const struct sca_snippet *s = &all->items[i];
		const struct plan_standard *standard = plan_standard(&m->b->plan, s->standard);
		const struct plan_row *row = standard == NULL ? NULL : plan_row(standard, s->rule);
		ran[i] = s->name;
		if (row == NULL || row->check_count == 0 || strcmp(row->checks[0].engine, name) != 0 || (s->bad ? i % MISSED == 0 : i % FLAGGED != 0))
			continue;
		reports[count++] = (struct sca_report){ .engine = name, .check = row->checks[0].name, .message = "reported", .path = s->name,
			.line = s->bad ? s->faults[0] : 1 };
	}
	if (m->failed)
		return;
	sca_shown_sort(reports, count);
	m->by[at] = (struct sca_shown_by){ name, reports, count, ran, is_missing(name) ? 0 : all->count };
}

static enum assay_status
fill(struct making *m, struct assay_error *err)
{
	struct code_base *b = m->b;
	size_t rows = 0;
	TRY(plan_parse(plan_shipped(), PLAN_PATH, m->s->arena, &b->plan, err));
	TRY(standards_load(m->s->arena, &b->standards, err));
	TRY(sca_snippets_load(NULL, m->s->arena, &b->snippets, err));
	units(m);
	b->engines = array(m, ENGINES, sizeof *b->engines);
	for (size_t i = 0; plan_engines[i] != NULL && i < ENGINES; i++)
		engine(m, plan_engines[i]);
	for (size_t i = 0; i < b->engine_count; i++)
		show(m, i);
	for (size_t i = 0; i < b->plan.count; i++)
		rows += b->plan.standards[i].count;
	b->demos = array(m, rows, sizeof *b->demos);
	for (size_t i = 0; !m->failed && i < b->plan.count; i++) {
		for (size_t k = 0; k < b->plan.standards[i].count; k++) {
			const struct plan_row *row = &b->plan.standards[i].rows[k];
			if (row->check_count > 0)
				TRY(sca_demonstrate(&b->plan.standards[i], row, b->snippets, m->by, b->engine_count, m->s->arena,
				    &b->demos[b->demo_count++], err));
		}
	}
	return ASSAY_OK;
}

bool
sample_code_make(struct sample *s)
{
	struct making m = { .s = s };
	struct assay_error err = { 0 };
	m.b = array(&m, 1, sizeof *m.b);
	m.run = array(&m, 1, sizeof *m.run);
	if (m.failed)
		return false;
	*m.run = (struct analysis){ .has_plan = true, .plan = "", .cage = "bubblewrap", .cage_why = "", .units_from = "files", .units_why = "" };
	m.b->run = m.run;
	if (fill(&m, &err) != ASSAY_OK || m.failed)
		return false;
	s->verdicts.code = m.b;
	return true;
}
