/* SPDX-License-Identifier: Apache-2.0 */
#include "ci.h"

#include <base/buf.h>
#include <stdarg.h>

#define WORDS_MAX 900

struct ci_state
ci_begin(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	static const struct ci_model nothing;
	const struct tree *t = evidence_facts(c->input->evidence, TREE_KIND);
	struct ci_state s = { c, v, t != NULL && t->ci != NULL ? t->ci : &nothing, err };
	return s;
}

bool
ci_said(const struct ci_state *s, const char *id, struct ci_place at)
{
	for (size_t i = 0; i < s->v->finding_count; i++) {
		const struct finding *f = &s->v->findings[i];
		if (f->line == at.line && f->column == at.column && strcmp(f->id, id) == 0 && f->file != NULL && at.file != NULL
		    && strcmp(f->file, at.file) == 0)
			return true;
	}
	return false;
}

static enum assay_status
find(const struct ci_state *s, bool gap, const char *id, struct ci_place at, const char *about, const char *words)
{
	/* What stands at a place tells two findings of a file apart; the line moves with every change above it. */
	struct judge_place place = { about, at.file, at.line, at.column, about };
	if (ci_said(s, id, at))
		return ASSAY_OK;
	return judge_find_at(s->c, s->v, gap, id, &place, s->err, "%s", words);
}

enum assay_status
ci_gap(const struct ci_state *s, const char *id, struct ci_place at, const char *about, const char *fmt, ...)
{
	char words[WORDS_MAX];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	return find(s, true, id, at, about, words);
}

enum assay_status
ci_open(const struct ci_state *s, const char *id, struct ci_place at, const char *about, const char *fmt, ...)
{
	char words[WORDS_MAX];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	return find(s, false, id, at, about, words);
}

/* "'x' is run: written by ... (a.yml:3:5), kept in ... (a.yml:9:7), pasted into what is run (a.yml:12:14)". */
enum assay_status
ci_gap_way(const struct ci_state *s, const char *id, const struct ci_way *way)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(WORDS_MAX);
	buf_addf(&text, "job '%.64s', set off by '%.32s':", way->job->name, way->by != NULL ? way->by->name : "whoever calls it");
	for (const struct ci_hop *h = way->first; h != NULL; h = h->next) {
		char hop[200];
		int n = snprintf(hop, sizeof hop, "%s %.90s (%.60s:%u:%u)", h == way->first ? "" : " →", h->what, h->place.file,
		    h->place.line, h->place.column);
		/* The end of a way and its mend matter more than its middle. */
		if (n > 0 && text.len + (size_t)n < WORDS_MAX - 260)
			buf_add_str(&text, hop);
	}
	if (way->mend != NULL)
		buf_addf(&text, "; mend: %.180s", way->mend);
	TRY(buf_status(&text, "a way", s->err));
	return find(s, true, id, way->last->place, way->subject, buf_str(&text));
}

const struct ci_job *
ci_next_job(const struct ci_model *m, const struct ci_job *j)
{
	const struct ci_pipeline *p = j != NULL ? j->pipeline->next : m->pipelines;
	if (j != NULL && j->next != NULL)
		return j->next;
	while (p != NULL && p->jobs == NULL)
		p = p->next;
	return p != NULL ? p->jobs : NULL;
}

/* Files without a job run nothing: an action that no pipeline here calls, an empty workflow. What an action names can be judged. */
static uint64_t
looked_at(const struct ci_model *m, enum ci_control control)
{
	uint64_t count = control == CI_PINNED ? m->ref_count : 0;
	for (const struct ci_job *j = ci_next_job(m, NULL); j != NULL; j = ci_next_job(m, j))
		count += !j->pipeline->action;
	return count;
}

enum assay_status
ci_end(const struct ci_state *s, enum ci_control control, const char *reason, const struct judge_advice *advice)
{
	for (const struct ci_question *q = s->m->questions; q != NULL; q = q->next) {
		if (CATCH(ci_question, (q->controls & control) != 0))
			TRY(ci_open(s, q->code, q->place, q->what, "%s", q->what));
	}
	judge_count(s->v, "pipeline files", s->m->files);
	judge_count(s->v, "jobs", s->m->jobs);
	judge_count(s->v, "steps", s->m->steps);
	return judge_conclude(s->c, s->v, looked_at(s->m, control), reason, advice, s->err);
}
