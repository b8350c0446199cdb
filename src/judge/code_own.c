/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The own engine. It is no program: it looks when the facts are judged, at the same bytes as whoever judges again, and what it reports
 * is recomputed.
 */
#include "code_build.h"

#include <base/cleanup.h>
#include <string.h>

/* The maker's own rules stand in files of their own. */
#define RULES_FOLDER "assay/rules/"

struct looking {
	const struct judge_context *c;
	const struct code_base *b;
	struct code_rules rules;
	struct sca_report *reports; /* own memory, grows */
	size_t count, room;
	struct assay_error *err;
};

static void
looking_done(struct looking *l)
{
	free(l->reports);
}

static enum assay_status
add(struct looking *l, const char *path, const struct code_report *r)
{
	if (l->count == SCA_SEEN_MAX)
		return assay_fail(l->err, ASSAY_E_LIMIT, "the own rules report more than %u places", SCA_SEEN_MAX);
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? 256 : 2 * l->room;
		struct sca_report *more = reallocarray(l->reports, room, sizeof *more);
		if (more == NULL)
			return assay_fail(l->err, ASSAY_E_MEMORY, "no memory for what the own rules report");
		l->reports = more;
		l->room = room;
	}
	l->reports[l->count++] = (struct sca_report){ .engine = "assay", .check = r->rule->id, .message = r->message, .path = path,
		.line = r->line, .column = r->column, .level = SCA_WARNING };
	return ASSAY_OK;
}

/* *ret_read false: it is no code that could be read. */
static enum assay_status
look_at(struct looking *l, struct assay_span bytes, const char *path, bool *ret_read)
{
	struct code_reports reports = { 0 };
	struct assay_error why = { 0 };
	const enum assay_status status = code_check(&l->rules, bytes, path, l->c->arena, &reports, &why);
	*ret_read = false;
	if (status == ASSAY_E_MEMORY)
		return arena_full(l->err);
	if (status != ASSAY_OK)
		return ASSAY_OK;
	for (size_t i = 0; i < reports.count; i++)
		TRY(add(l, path, &reports.items[i]));
	*ret_read = reports.read && reports.overflow == 0;
	return ASSAY_OK;
}

static enum assay_status
keep(struct looking *l, const struct sca_report **ret_reports, size_t *ret_count)
{
	struct sca_report *copy = arena_array(l->c->arena, l->count + 1, sizeof *copy);
	if (copy == NULL)
		return arena_full(l->err);
	if (l->count > 0)
		memcpy(copy, l->reports, l->count * sizeof *copy);
	*ret_reports = copy;
	*ret_count = l->count;
	l->count = 0;
	return ASSAY_OK;
}

static enum assay_status
read_rules(struct looking *l)
{
	const struct sources *s = &l->b->tree->sources;
	const struct source_file *file = sources_under(s, RULES_FOLDER);
	struct assay_error why = { 0 };
	code_rules_init(&l->rules, l->c->arena);
	TRY(code_rules_add_shipped(&l->rules, l->err));
	for (; file != NULL && file < s->files + s->count && strncmp(file->path, RULES_FOLDER, sizeof RULES_FOLDER - 1) == 0; file++) {
		/* One that can't be read is for rule.custom to tell; its rules report nothing. */
		if (file->has_bytes && code_rules_add(&l->rules, file->bytes, file->path, &why) == ASSAY_E_MEMORY)
			return arena_full(l->err);
	}
	return code_rules_prove(&l->rules, l->err);
}

static enum assay_status
look_at_snippets(struct looking *l, struct code_engine *e)
{
	const struct sca_snippets *s = l->b->snippets;
	const char **names = arena_array(l->c->arena, s->count + 1, sizeof *names);
	size_t count = 0;
	if (names == NULL)
		return arena_full(l->err);
	for (size_t i = 0; i < s->count; i++) {
		bool read = false;
		TRY(look_at(l, s->items[i].bytes, s->items[i].name, &read));
		if (read)
			names[count++] = s->items[i].name;
	}
	sca_shown_sort_names(names, count);
	sca_shown_sort(l->reports, l->count);
	e->shown.ran = names;
	e->shown.ran_count = count;
	return keep(l, &e->shown.reports, &e->shown.count);
}

static enum assay_status
look_at_files(struct looking *l, struct code_engine *e)
{
	for (size_t i = 0; i < l->b->file_count; i++) {
		struct code_file *f = &l->b->files[i];
		if (f->exclude == NULL && code_is_c(f->language) && f->file->has_bytes)
			TRY(look_at(l, f->file->bytes, f->file->path, &f->read));
	}
	return keep(l, &e->own, &e->own_count);
}

enum assay_status
code_own_look(const struct judge_context *c, struct code_base *b, struct code_engine *e, struct assay_error *err)
{
	CLEANUP(looking_done) struct looking l = { .c = c, .b = b, .err = err };
	TRY(read_rules(&l));
	TRY(look_at_snippets(&l, e));
	return look_at_files(&l, e);
}
