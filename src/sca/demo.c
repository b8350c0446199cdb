/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/demo.h>
#include <stdlib.h>
#include <string.h>

struct showing {
	struct sca_demo *d;
	const struct sca_shown_by *by;
	size_t by_count;
	bool *idle;
};

static int
compare_reports(const void *a, const void *b)
{
	const struct sca_report *x = a, *y = b;
	const int order = strcmp(x->path, y->path);
	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

void
sca_shown_sort(struct sca_report *reports, size_t count)
{
	if (count > 0)
		qsort(reports, count, sizeof *reports, compare_reports);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
sca_shown_sort_names(const char **names, size_t count)
{
	if (count > 0)
		qsort(names, count, sizeof *names, compare_names);
}

static bool
has_run(const struct sca_shown_by *by, const char *name)
{
	return by->ran_count > 0
	    && bsearch(&name, by->ran, by->ran_count, sizeof by->ran[0], compare_names) != NULL;
}

/* The first report about this path, or count. */
static size_t
first_report(const struct sca_shown_by *by, const char *path)
{
	size_t low = 0, high = by->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (strcmp(by->reports[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Index of the row's check that this report is of, or its check_count. */
static size_t
check_of(const struct plan_row *row, const char *engine, const struct sca_report *report)
{
	for (size_t i = 0; i < row->check_count; i++)
		if (plan_check_reports(&row->checks[i], engine, report->check, report->message))
			return i;
	return row->check_count;
}

/* What one engine says about one snippet. True when it reports it. */
static bool
hear(const struct showing *w, const struct sca_shown_by *by, struct sca_shown *s)
{
	const struct plan_row *row = w->d->row;
	const char *name = s->snippet->name;
	bool reported = false;
	for (size_t i = first_report(by, name); i < by->count && strcmp(by->reports[i].path, name) == 0; i++) {
		const struct sca_report *r = &by->reports[i];
		const size_t check = r->outside || r->is_broken || r->suppressed ? row->check_count
										 : check_of(row, by->engine, r);
		if (check == row->check_count)
			continue;
		if (CATCH(snippet_elsewhere, s->snippet->bad && !sca_snippet_is_fault(s->snippet, r->line))) {
			if (s->state == SCA_SHOWN_SILENT)
				s->state = SCA_SHOWN_ELSEWHERE;
			continue;
		}
		for (size_t k = check; s->snippet->bad && k < row->check_count; k++)
			w->idle[k] &= !plan_check_reports(&row->checks[k], by->engine, r->check, r->message);
		s->state = SCA_SHOWN_REPORTED;
		s->line = s->line == 0 ? r->line : s->line;
		s->check = s->check == NULL ? row->checks[check].text : s->check;
		reported = true;
	}
	return reported;
}

/* Every engine that the row names has looked at it. */
static bool
all_ran(const struct showing *w, const char *name)
{
	for (size_t c = 0; c < w->d->row->check_count; c++) {
		bool ran = plan_engine_imported(w->d->row->checks[c].engine);
		for (size_t i = 0; i < w->by_count; i++)
			ran |= strcmp(w->by[i].engine, w->d->row->checks[c].engine) == 0 && has_run(&w->by[i], name);
		if (!ran)
			return false;
	}
	return true;
}

static void
show(const struct showing *w, struct sca_shown *s)
{
	s->state = SCA_SHOWN_SILENT;
	for (size_t i = 0; i < w->by_count; i++)
		if (plan_row_needs(w->d->row, w->by[i].engine))
			s->agree += hear(w, &w->by[i], s);
	/* What one engine reported is shown; silence takes them all. */
	if (CATCH(snippet_not_run, s->state != SCA_SHOWN_REPORTED && !all_ran(w, s->snippet->name)))
		s->state = SCA_SHOWN_NOT_RUN;
	w->d->bad += s->snippet->bad;
	w->d->good += !s->snippet->bad;
	w->d->not_run += s->state == SCA_SHOWN_NOT_RUN;
	if (s->state == SCA_SHOWN_REPORTED) {
		w->d->caught += s->snippet->bad;
		w->d->flagged += !s->snippet->bad;
	}
}

enum assay_status
sca_demonstrate(const struct plan_standard *standard, const struct plan_row *row, const struct sca_snippets *snippets,
    const struct sca_shown_by *by, size_t by_count, struct arena *arena, struct sca_demo *ret_demo,
    struct assay_error *err)
{
	struct sca_demo d = { .standard = standard, .row = row };
	struct showing w = { .d = &d, .by = by, .by_count = by_count };
	const struct sca_snippet *first = sca_snippets_of(snippets, standard->id, row->rule, &d.count);
	struct sca_shown *shown = arena_array(arena, d.count + 1, sizeof *shown);
	w.idle = arena_array(arena, row->check_count + 1, sizeof *w.idle);
	if (shown == NULL || w.idle == NULL)
		return arena_full(err);
	for (size_t i = 0; i < row->check_count; i++) {
		w.idle[i] = !plan_engine_imported(row->checks[i].engine);
		d.local += w.idle[i];
	}
	d.count = d.local > 0 ? d.count : 0;
	for (size_t i = 0; i < d.count; i++) {
		shown[i] = (struct sca_shown){ .snippet = &first[i] };
		show(&w, &shown[i]);
	}
	d.shown = shown;
	d.planted = d.local == row->check_count;
	d.idle = w.idle;
	d.enforced = row->check_count > 0 && d.bad > 0 && d.good > 0 && d.caught == d.bad && d.flagged == 0 && d.not_run == 0;
	*ret_demo = d;
	return ASSAY_OK;
}

bool
sca_demo_shown(const struct sca_demo *d)
{
	return d->row->check_count > 0 && (d->local == 0 || d->enforced) && d->planted;
}
