/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What engines reported about HEAD's files, by the rules of the plan, each at its place in the code.
 */
#include <base/cleanup.h>
#include <code/identity.h>
#include <stdlib.h>
#include <judge/code.h>
#include <string.h>

struct seeing {
	const struct judge_context *c;
	const struct code_base *b;
	struct sca_seen *items; /* own memory, grows */
	size_t count, room;
	struct assay_error *err;
};

static void
seeing_done(struct seeing *s)
{
	free(s->items);
}

static enum assay_status
add(struct seeing *s, const struct sca_seen *one)
{
	if (s->count == SCA_SEEN_MAX)
		return assay_fail(s->err, ASSAY_E_LIMIT, "engines report more than %u places", SCA_SEEN_MAX);
	if (s->count == s->room) {
		const size_t room = s->room == 0 ? 256 : 2 * s->room;
		struct sca_seen *more = reallocarray(s->items, room, sizeof *more);
		if (more == NULL)
			return assay_fail(s->err, ASSAY_E_MEMORY, "no memory for what engines report");
		s->items = more;
		s->room = room;
	}
	s->items[s->count++] = *one;
	return ASSAY_OK;
}

enum standard_severity
code_severity(const struct code_base *b, const struct plan_standard *standard, const struct plan_row *row)
{
	const struct standard *known = standards_find(b->standards, standard->id);
	const struct standard_rule *rule = known == NULL ? NULL : standard_rule(known, row->rule);
	return rule == NULL ? row->severity : rule->severity;
}

/* One report, for each rule that its check enforces. */
static enum assay_status
see(struct seeing *s, const char *engine, const struct sca_report *r)
{
	const struct plan *p = &s->b->plan;
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->standards[i].count; k++) {
			const struct plan_row *row = &p->standards[i].rows[k];
			for (size_t n = 0; n < row->check_count; n++) {
				if (!plan_check_reports(&row->checks[n], engine, r->check, r->message))
					continue;
				const struct sca_seen one = { .engine = engine, .check = row->checks[n].whole,
					.rule = arena_printf(s->c->arena, "%s/%s", p->standards[i].id, row->rule),
					.severity = code_severity(s->b, &p->standards[i], row), .message = r->message,
					.path = r->path, .line = r->line, .column = r->column };
				if (one.rule == NULL)
					return arena_full(s->err);
				TRY(add(s, &one));
				break;
			}
		}
	return ASSAY_OK;
}

static bool
is_in_scope(const struct code_base *b, const struct sca_report *r)
{
	const struct code_file *f = r->outside || r->is_broken || r->line == 0 ? NULL : code_file_find(b, r->path);
	return f != NULL && f->exclude == NULL;
}

/* A result of a report from elsewhere, wherever in it; what the report itself calls suppressed is reported all the same. */
static enum assay_status
see_result(struct seeing *s, const struct code_engine *e, const struct code_import *m, const struct sarif_run *run,
    const struct sarif_result *x)
{
	const char *path = NULL;
	if (x->place_count == 0 || !import_is_fault(x) || canary_find(&m->x->canaries, x->places[0].uri) != NULL)
		return ASSAY_OK;
	TRY(import_path(m->x, run, x->places[0].uri, x->places[0].base, s->c->arena, &path, s->err));
	const struct sca_report r = { .engine = e->name, .check = x->rule_id, .message = x->message, .path = path == NULL ? "" : path,
		.line = x->places[0].line > 0 ? x->places[0].line : 1, .column = x->places[0].column };
	return is_in_scope(s->b, &r) ? see(s, e->name, &r) : ASSAY_OK;
}

/* Also of runs that count for nothing: bad news needs no proof. */
static enum assay_status
see_imports(struct seeing *s, const struct code_engine *e)
{
	for (size_t i = 0; i < e->import_count; i++) {
		const struct sarif_log *log = &e->imports[i].x->log;
		for (size_t k = 0; k < log->run_count; k++)
			for (size_t n = 0; n < log->runs[k].result_count; n++)
				TRY(see_result(s, e, &e->imports[i], &log->runs[k], &log->runs[k].results[n]));
	}
	return ASSAY_OK;
}

static enum assay_status
see_all(struct seeing *s)
{
	for (size_t i = 0; i < s->b->file_count; i++)
		for (size_t k = 0; k < s->b->files[i].own.count; k++)
			TRY(see(s, SCA_OWN, &s->b->files[i].own.reports[k]));
	for (size_t i = 0; i < s->b->engine_count; i++) {
		const struct code_engine *e = &s->b->engines[i];
		TRY(see_imports(s, e));
		for (size_t k = 0; e->ran != NULL && k < e->ran->runs.count; k++) {
			const struct sca_reading *reading = &e->ran->runs.items[k].reading;
			for (size_t n = 0; n < reading->count; n++)
				if (is_in_scope(s->b, &reading->reports[n]))
					TRY(see(s, e->name, &reading->reports[n]));
		}
	}
	return ASSAY_OK;
}

static int
compare_seen(const void *a, const void *b)
{
	const struct sca_seen *x = a, *y = b;
	int order = strcmp(x->path, y->path);
	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	if (order == 0)
		order = (x->column > y->column) - (x->column < y->column);
	if (order == 0)
		order = strcmp(x->rule, y->rule);
	if (order == 0)
		order = strcmp(x->check, y->check);
	return order != 0 ? order : strcmp(x->message, y->message);
}

/* Of a header every unit that includes it tells again: the same report is one. */
static void
leave_out_repeated(struct seeing *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++)
		if (i == 0 || compare_seen(&s->items[kept - 1], &s->items[i]) != 0)
			s->items[kept++] = s->items[i];
	s->count = kept;
}

static enum assay_status
put_excerpts(const struct seeing *s, const struct source_file *file, struct sca_seen *first, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		first[i].excerpt = code_excerpt(file->bytes, first[i].line, s->c->arena);
		if (first[i].excerpt == NULL)
			return arena_full(s->err);
	}
	return ASSAY_OK;
}

/* Places of those that one file has. A file that can't be read as code leaves them where they are. */
static enum assay_status
place_file(const struct seeing *s, struct sca_seen *first, size_t count)
{
	const struct code_file *f = code_file_find(s->b, first->path);
	const struct source_file *file = f->file;
	struct code_tokens tokens;
	struct code_statements statements;
	enum code_language language = CODE_C;
	struct assay_error why = { 0 };
	(void)code_language_of(first->path, &language);
	if (!file->has_bytes)
		return ASSAY_OK;
	/* Of other languages path, line and message stand for the place. */
	if (!code_is_c(f->language))
		return put_excerpts(s, file, first, count);
	enum assay_status status = code_lex(file->bytes, language, s->c->arena, &tokens, &why);
	if (status == ASSAY_OK)
		status = code_statements_of(&tokens, s->c->arena, &statements, &why);
	if (status != ASSAY_OK)
		return status == ASSAY_E_LIMIT ? ASSAY_OK : arena_full(s->err);
	for (size_t i = 0; i < count; i++) {
		const struct code_place *place = code_place_at(&statements, first[i].line, first[i].column);
		first[i].excerpt = code_excerpt(file->bytes, first[i].line, s->c->arena);
		if (first[i].excerpt == NULL)
			return arena_full(s->err);
		first[i].placed = place != NULL;
		if (place != NULL)
			first[i].place = *place;
	}
	return ASSAY_OK;
}

enum assay_status
code_seen(const struct judge_context *c, const struct code_base *b, struct sca_seen **ret_seen, size_t *ret_count,
    struct assay_error *err)
{
	CLEANUP(seeing_done) struct seeing s = { .c = c, .b = b, .err = err };
	TRY(see_all(&s));
	if (s.count > 0)
		qsort(s.items, s.count, sizeof s.items[0], compare_seen);
	leave_out_repeated(&s);
	for (size_t i = 0, same = 1; i < s.count; i += same) {
		for (same = 1; i + same < s.count && strcmp(s.items[i].path, s.items[i + same].path) == 0;)
			same++;
		TRY(place_file(&s, &s.items[i], same));
	}
	*ret_seen = arena_array(c->arena, s.count + 1, sizeof s.items[0]);
	if (*ret_seen == NULL)
		return arena_full(err);
	if (s.count > 0)
		memcpy(*ret_seen, s.items, s.count * sizeof s.items[0]);
	*ret_count = s.count;
	return ASSAY_OK;
}
