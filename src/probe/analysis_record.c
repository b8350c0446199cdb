/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of a run of analysers.
 */
#include "analysis.h"

#include "internal.h"

#include <base/text.h>
#include <codec/canon.h>
#include <stdlib.h>

#define RECORD_MAX ((size_t)256 << 20)
/* A database that HEAD doesn't have. */
#define UNTRACKED "untracked-database"

/* Steals value; a failure to add shows as the array's or object's missing part when it is written. */
static void
put(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static json_t *
text(const char *s)
{
	return canon_text(assay_span_str(s == NULL ? "" : s));
}

static json_t *
texts(const char *const *items, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, text(items[i]));
	return list;
}

static json_t *
describe_engine(const struct analysis_ran *r)
{
	const struct engine *e = r->engine;
	json_t *o = json_object(), *parts = json_array();
	for (size_t i = 0; e != NULL && i < e->part_count; i++) {
		json_t *part = json_object();
		put(part, "path", text(e->parts[i].path));
		put(part, "sha256", text(e->parts[i].sha256));
		(void)json_array_append_new(parts, part);
	}
	put(o, "name", text(r->name));
	put(o, "found", json_boolean(r->why == NULL));
	put(o, "why", text(r->why));
	put(o, "version", text(e == NULL ? NULL : e->version));
	put(o, "program", text(e == NULL ? NULL : e->path));
	put(o, "digest", text(e == NULL ? NULL : e->digest));
	put(o, "parts", parts);
	put(o, "options", text(r->why == NULL && r->has_options ? r->options.digest : NULL));
	put(o, "unknown", texts(r->unknown, r->unknown_count));
	return o;
}

static json_t *
describe_unit(const struct sca_unit *u, const struct engine_unit_facts *facts)
{
	json_t *o = json_object();
	const bool known = facts != NULL && u->refused == NULL;
	put(o, "file", text(u->path));
	put(o, "line", json_integer((json_int_t)u->line));
	put(o, "refused", text(u->refused));
	put(o, "silencers", texts(u->silencers, u->silencer_count));
	put(o, "headers", known ? texts(facts->headers, facts->header_count) : json_array());
	put(o, "compiles", json_boolean(known && facts->state == SCA_RAN));
	put(o, "why", text(facts == NULL ? "there is no compiler to ask" : facts->why));
	return o;
}

struct seen {
	const char *path;
	uint32_t line;
};

static int
by_place(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	const int order = strcmp(x->path, y->path);
	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static void
seen_free(struct seen **list)
{
	free(*list);
}

/* What unit i saw, when it compiles: *ret_count entries. */
static const struct engine_seen *
seen_by(const struct analysis_fetch *f, size_t i, size_t *ret_count)
{
	const bool compiles = f->facts != NULL && f->facts[i].seen != NULL && f->units[i].refused == NULL && f->facts[i].state == SCA_RAN;
	*ret_count = compiles ? f->facts[i].seen_count : 0;
	return compiles ? f->facts[i].seen : NULL;
}

/* What units that compile saw, together; *ret_list: own memory, sorted, with doubles. */
static enum assay_status
list_seen(const struct analysis_fetch *f, struct seen **ret_list, size_t *ret_count, struct assay_error *err)
{
	size_t room = 0, files = 0, count = 0;
	for (size_t i = 0; i < f->unit_count; i++) {
		const struct engine_seen *s = seen_by(f, i, &files);
		for (size_t k = 0; s != NULL && k < files; k++)
			room += s[k].count;
	}
	struct seen *list = *ret_list = calloc(room + 1, sizeof *list);
	if (list == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the branches that were seen");
	for (size_t i = 0; i < f->unit_count; i++) {
		const struct engine_seen *s = seen_by(f, i, &files);
		for (size_t k = 0; s != NULL && k < files; k++)
			for (size_t n = 0; n < s[k].count; n++)
				list[count++] = (struct seen){ s[k].path, s[k].lines[n] };
	}
	if (count > 0)
		qsort(list, count, sizeof *list, by_place);
	*ret_count = count;
	return ASSAY_OK;
}

static enum assay_status
describe_branches(const struct analysis_fetch *f, json_t **ret_list, struct assay_error *err)
{
	CLEANUP(seen_free) struct seen *seen = NULL;
	json_t *numbers = NULL;
	size_t count = 0;
	TRY(list_seen(f, &seen, &count, err));
	*ret_list = json_array();
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && by_place(&seen[i - 1], &seen[i]) == 0)
			continue;
		if (i == 0 || strcmp(seen[i - 1].path, seen[i].path) != 0) {
			json_t *o = json_object();
			put(o, "file", text(seen[i].path));
			put(o, "seen", numbers = json_array());
			(void)json_array_append_new(*ret_list, o);
		}
		(void)json_array_append_new(numbers, json_integer(seen[i].line));
	}
	return ASSAY_OK;
}

static json_t *
describe_left(const struct analysis_fetch *f)
{
	json_t *list = json_array();
	for (size_t i = 0; f->left != NULL && i < f->tree.sources.count; i++) {
		if (f->left[i] == NULL)
			continue;
		json_t *o = json_object();
		put(o, "file", text(f->tree.sources.files[i].path));
		put(o, "why", text(f->left[i]));
		(void)json_array_append_new(list, o);
	}
	return list;
}

/* Those of rules that the plan has checks enforce. */
static json_t *
describe_snippets(const struct analysis_fetch *f)
{
	const struct sca_snippets *s = f->has_plan ? f->snippets : NULL;
	json_t *list = json_array();
	for (size_t i = 0; s != NULL && i < s->count; i++) {
		const struct plan_row *row = sca_snippet_row(&s->items[i], &f->plan);
		if (row == NULL || row->check_count == 0)
			continue;
		json_t *o = json_object();
		put(o, "name", text(s->items[i].name));
		put(o, "sha256", canon_sha256(s->items[i].sha256));
		(void)json_array_append_new(list, o);
	}
	return list;
}

static json_t *
describe_trial(const struct analysis_tried *t)
{
	json_t *o = json_object(), *marks = json_array();
	for (size_t i = 0; i < t->mark_count; i++) {
		json_t *mark = json_object();
		put(mark, "line", json_integer((json_int_t)t->marks[i]->line));
		put(mark, "column", json_integer((json_int_t)t->marks[i]->column));
		put(mark, "mark", text(t->marks[i]->mark));
		(void)json_array_append_new(marks, mark);
	}
	put(o, "engine", text(t->engine));
	put(o, "file", text(t->path));
	put(o, "sha256", text(t->sha256));
	put(o, "marks", marks);
	put(o, "first", json_integer((json_int_t)t->first));
	put(o, "runs", json_integer((json_int_t)t->runs));
	return o;
}

static const char *
plan_digest(const struct analysis_fetch *f, char hex[2 * ASSAY_SHA256_SIZE + 1])
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (f->plan_bytes.data == NULL || assay_sha256(f->plan_bytes, digest) != ASSAY_OK)
		return "";
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	return hex;
}

enum assay_status
analysis_write_record(const struct analysis_fetch *f, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(RECORD_MAX);
	CLEANUP(canon_unref) json_t *o = json_object();
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	json_t *engines = json_array(), *units = json_array(), *tried = json_array(), *branches = NULL;
	TRY(describe_branches(f, &branches, err));
	for (size_t i = 0; i < f->ran_count; i++)
		(void)json_array_append_new(engines, describe_engine(&f->ran[i]));
	for (size_t i = 0; i < f->unit_count; i++)
		(void)json_array_append_new(units, describe_unit(&f->units[i], f->facts == NULL ? NULL : &f->facts[i]));
	for (size_t i = 0; i < f->trial_count; i++)
		(void)json_array_append_new(tried, describe_trial(&f->trials[i]));
	put(o, "assay-code-analysis", json_integer(1));
	put(o, "has-plan", json_boolean(f->has_plan));
	put(o, "plan", text(plan_digest(f, hex)));
	put(o, "sandbox", text(f->has_plan ? engine_cage_name(engine_server_cage(f->c->engines)) : NULL));
	put(o, "sandbox-why", text(f->has_plan ? engine_server_cage_why(f->c->engines) : NULL));
	put(o, "units-from", text(f->has_plan ? f->untracked ? UNTRACKED : plan_units_name(f->plan.analysis.units) : NULL));
	put(o, "units-why", text(f->units_why));
	put(o, "engines", engines);
	put(o, "units", units);
	put(o, "branches", branches);
	put(o, "left", describe_left(f));
	put(o, "snippets", describe_snippets(f));
	put(o, "tried", tried);
	TRY(canon_write(o, &out, err));
	return object_set_keep(f->arena, &out, "the record of the analysis", ret_bytes, err);
}
