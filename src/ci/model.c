/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the files of a tree to the model. Each file is read in memory of its own, so that a hostile one costs itself alone.
 */
#include "work.h"

#include <base/cleanup.h>
#include <stdarg.h>
#include <string.h>

#define TEXT_MAX 4096

/* ---- building ---- */

static enum assay_status
spend(struct ci_work *w, size_t bytes)
{
	if (bytes > CI_BYTES_MAX - w->kept)
		return assay_fail(w->err, ASSAY_E_LIMIT, "the pipelines take more than %u bytes of memory", CI_BYTES_MAX);
	w->kept += bytes;
	return ASSAY_OK;
}

enum assay_status
ci_keep(struct ci_work *w, const char *text, const char **ret_text)
{
	const char *from = text != NULL ? text : "";
	TRY(spend(w, strlen(from) + 1));
	*ret_text = arena_str(w->arena, from);
	return *ret_text != NULL ? ASSAY_OK : arena_full(w->err);
}

static enum assay_status
keep_words(struct ci_work *w, const char **ret_text, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static enum assay_status
keep_words(struct ci_work *w, const char **ret_text, const char *fmt, va_list args)
{
	char text[TEXT_MAX];
	(void)vsnprintf(text, sizeof text, fmt, args);
	return ci_keep(w, text, ret_text);
}

enum assay_status
ci_printf(struct ci_work *w, const char **ret_text, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	enum assay_status status = keep_words(w, ret_text, fmt, args);
	va_end(args);
	return status;
}

enum assay_status
ci_alloc(struct ci_work *w, size_t size, void *ret_node)
{
	TRY(spend(w, size));
	void *node = arena_alloc(w->arena, size);
	if (node == NULL)
		return arena_full(w->err);
	memcpy(ret_node, &node, sizeof node);
	return ASSAY_OK;
}

struct ci_place
ci_at(const struct ci_file *f, const struct yaml_node *n)
{
	return (struct ci_place){ f->path, n->line, n->column };
}

struct ci_place
ci_at_key(const struct ci_file *f, const struct yaml_node *n)
{
	if (n->key == NULL)
		return ci_at(f, n);
	return (struct ci_place){ f->path, n->key_line, n->key_column };
}

enum assay_status
ci_ask(struct ci_work *w, unsigned controls, const char *code, struct ci_place at, const char *fmt, ...)
{
	struct ci_question *q = NULL;
	TRY(ci_alloc(w, sizeof *q, &q));
	va_list args;
	va_start(args, fmt);
	enum assay_status status = keep_words(w, &q->what, fmt, args);
	va_end(args);
	TRY(status);
	q->controls = controls;
	q->code = code;
	q->place = at;
	if (w->model->last_question != NULL)
		w->model->last_question->next = q;
	else
		w->model->questions = q;
	w->model->last_question = q;
	return ASSAY_OK;
}

enum assay_status
ci_remark(struct ci_work *w, enum ci_remark_kind kind, struct ci_place at, const char *subject)
{
	struct ci_remark *r = NULL;
	TRY(ci_alloc(w, sizeof *r, &r));
	TRY(ci_keep(w, subject, &r->subject));
	r->kind = kind;
	r->place = at;
	if (w->model->last_remark != NULL)
		w->model->last_remark->next = r;
	else
		w->model->remarks = r;
	w->model->last_remark = r;
	return ASSAY_OK;
}

enum assay_status
ci_pipeline_new(struct ci_file *f, enum ci_system forge, struct ci_pipeline **ret_pipeline)
{
	struct ci_model *m = f->work->model;
	struct ci_pipeline *p = NULL;
	TRY(ci_alloc(f->work, sizeof *p, &p));
	p->forge = forge;
	p->file = p->name = f->path;
	if (m->last_pipeline != NULL)
		m->last_pipeline->next = p;
	else
		m->pipelines = p;
	m->last_pipeline = p;
	*ret_pipeline = p;
	return ASSAY_OK;
}

enum assay_status
ci_job_new(struct ci_work *w, struct ci_pipeline *p, const char *name, struct ci_place at, struct ci_job **ret_job)
{
	struct ci_job *j = NULL;
	if (++w->model->jobs > CI_JOBS_MAX)
		return assay_fail(w->err, ASSAY_E_LIMIT, "the pipelines have more than %u jobs", CI_JOBS_MAX);
	TRY(ci_alloc(w, sizeof *j, &j));
	TRY(ci_keep(w, name, &j->name));
	j->place = at;
	j->pipeline = p;
	if (p->last_job != NULL)
		p->last_job->next = j;
	else
		p->jobs = j;
	p->last_job = j;
	p->job_count++;
	*ret_job = j;
	return ASSAY_OK;
}

enum assay_status
ci_step_new(struct ci_work *w, struct ci_job *j, struct ci_place at, struct ci_step **ret_step)
{
	struct ci_step *s = NULL;
	if (++w->model->steps > CI_STEPS_MAX)
		return assay_fail(w->err, ASSAY_E_LIMIT, "the pipelines have more than %u steps", CI_STEPS_MAX);
	TRY(ci_alloc(w, sizeof *s, &s));
	s->place = at;
	if (j->last_step != NULL)
		j->last_step->next = s;
	else
		j->steps = s;
	j->last_step = s;
	j->step_count++;
	*ret_step = s;
	return ASSAY_OK;
}

enum assay_status
ci_way_new(struct ci_work *w, enum ci_way_kind kind, const struct ci_job *job, const char *subject,
    struct ci_way **ret_way)
{
	struct ci_way *way = NULL;
	TRY(ci_alloc(w, sizeof *way, &way));
	TRY(ci_keep(w, subject, &way->subject));
	way->kind = kind;
	way->job = job;
	if (w->model->last_way != NULL)
		w->model->last_way->next = way;
	else
		w->model->ways = way;
	w->model->last_way = way;
	*ret_way = way;
	return ASSAY_OK;
}

enum assay_status
ci_way_hop(struct ci_work *w, struct ci_way *way, struct ci_place at, const char *fmt, ...)
{
	struct ci_hop *hop = NULL;
	TRY(ci_alloc(w, sizeof *hop, &hop));
	va_list args;
	va_start(args, fmt);
	enum assay_status status = keep_words(w, &hop->what, fmt, args);
	va_end(args);
	TRY(status);
	hop->place = at;
	/* A way too long keeps its beginning and its end. */
	if (way->last != NULL && ++way->hops >= CI_HOPS_MAX)
		*way->last = *hop;
	else if (way->last != NULL)
		way->last = way->last->next = hop;
	else
		way->first = way->last = hop;
	return ASSAY_OK;
}

/* ---- files ---- */

static enum assay_status
ask_unread(struct ci_file *f, const char *why, unsigned line, unsigned column)
{
	return ci_ask(f->work, CI_ALL, "unread-pipeline", (struct ci_place){ f->path, line, column },
	    "'%s' could not be read: %s", f->path, why);
}

enum assay_status
ci_yaml(struct ci_file *f, struct yaml_node **ret_root)
{
	struct assay_error err = { 0 };
	*ret_root = NULL;
	if (yaml_parse_loose(f->source->bytes, f->path, f->arena, ret_root, &err) == ASSAY_OK)
		return ASSAY_OK;
	*ret_root = NULL;
	return ask_unread(f, err.what, err.line, err.column);
}

static const struct ci_reader *
reader_of(const char *path)
{
	for (size_t i = 0; i < ci_reader_count; i++) {
		if (ci_readers[i].wants(path))
			return &ci_readers[i];
	}
	return NULL;
}

bool
ci_wants(const char *path)
{
	return reader_of(path) != NULL;
}

static enum assay_status
read_file(struct ci_work *w, const struct ci_reader *reader, const struct source_file *source)
{
	CLEANUP(arena_free) struct arena *own = NULL;
	struct ci_file f = { w, source, NULL, NULL };
	TRY(ci_keep(w, source->path, &f.path));
	w->model->files++;
	if (source->mode == 0120000)
		return ask_unread(&f, "it is a link", 0, 0);
	if (!source->has_bytes)
		return ask_unread(&f, source->why != NULL ? source->why : "its bytes aren't here", 0, 0);
	TRY(arena_new(CI_FILE_ARENA, &own));
	f.arena = own;
	enum assay_status status = reader->read(&f);
	return status == ASSAY_E_MEMORY ? ask_unread(&f, "reading it takes more memory than one file may", 0, 0) : status;
}

static enum assay_status
read_all(struct ci_work *w)
{
	for (size_t i = 0; i < w->sources->count; i++) {
		const struct source_file *source = &w->sources->files[i];
		const struct ci_reader *reader = source->mode != 0160000 ? reader_of(source->path) : NULL;
		if (reader == NULL)
			continue;
		if (w->model->files == CI_FILES_MAX)
			return assay_fail(w->err, ASSAY_E_LIMIT, "there are more than %u pipeline files", CI_FILES_MAX);
		TRY(read_file(w, reader, source));
	}
	for (size_t i = 0; i < ci_reader_count; i++) {
		if (ci_readers[i].finish != NULL)
			TRY(ci_readers[i].finish(w));
	}
	return ASSAY_OK;
}

enum assay_status
ci_parse(const struct sources *s, struct arena *arena, const struct ci_model **ret_model, struct assay_error *err)
{
	struct ci_model *m = arena_alloc(arena, sizeof *m);
	struct ci_question *full = arena_alloc(arena, sizeof *full);
	if (m == NULL || full == NULL)
		return arena_full(err);
	struct assay_error own = { 0 };
	struct ci_work w = { .sources = s, .arena = arena, .model = m, .err = &own };
	enum assay_status status = read_all(&w);
	/* Over a cap: what was read stands, and the rest is an open question for every control. */
	if (status == ASSAY_E_LIMIT) {
		*full = (struct ci_question){ CI_ALL, "too-many-pipelines", arena_str(arena, own.what), { 0 }, m->questions };
		m->questions = full;
		status = full->what != NULL ? ASSAY_OK : arena_full(&own);
	}
	if (status != ASSAY_OK && err != NULL)
		*err = own;
	if (status == ASSAY_OK)
		*ret_model = m;
	return status;
}
