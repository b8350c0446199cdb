/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: what a suppression silences, by runs over the file without it: what an engine reports there and didn't report before.
 * The text that they were over is made again here, and must be the one that the record names.
 */
#include "silence.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <code/identity.h>
#include <string.h>

#define SCRATCH_MAX ((size_t)1 << 30)
#define TEXT_MAX ((size_t)64 << 20)
/* Of all suppressions of a tree together. */
#define STEPS_MAX UINT64_C(4000000000)

/* One trial, and of it one suppression. */
struct trying {
	struct silence_work *w;
	const struct analysis_engine *e;
	const struct analysis_trial *t;
	const struct suppression *s;
	const struct source_file *file;
	/* what it silences */
	unsigned first, last;       /* lines; 0: nothing */
	unsigned further;           /* a line outside of those that it covers; 0 */
	const char *further_path;
	const char *unnamed;        /* a check that it doesn't name */
	bool named[SUPPRESS_CHECKS_MAX];
};

/* ---- the text ---- */

static bool
is_mark(const struct analysis_mark *m, const struct analysis_trial *t, const struct suppression *s)
{
	return m->line == s->line && m->column == s->column && strcmp(m->mark, s->mark) == 0 && strcmp(t->file, s->path) == 0
	    && strcmp(t->engine, s->engine) == 0;
}

static bool
is_of(struct silence_work *w, const struct analysis_trial *t, const struct suppression *s)
{
	if (strcmp(t->file, s->path) != 0 || w->steps > STEPS_MAX)
		return false;
	w->steps += t->mark_count;
	for (size_t i = 0; i < t->mark_count; i++)
		if (is_mark(&t->marks[i], t, s))
			return true;
	return false;
}

/* The file without the marks that the trial names, which all have to be in it. */
static enum assay_status
is_over_this_text(const struct trying *x, bool *ret_same)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	size_t left_out = 0;
	*ret_same = false;
	if (x->file->bytes.len >= TEXT_MAX)
		return ASSAY_OK;
	buf_add_span(&text, x->file->bytes);
	for (size_t i = 0; i < x->w->found->count; i++) {
		struct buf out = BUF_INIT(TEXT_MAX);
		if (!is_of(x->w, x->t, &x->w->found->items[i]))
			continue;
		x->w->steps += text.len;
		const enum assay_status status = suppress_without(buf_span(&text), &x->w->found->items[i], &out, x->w->err);
		buf_done(&text);
		text = out;
		TRY(status);
		left_out++;
	}
	TRY(buf_status(&text, "a file without its marks", x->w->err));
	if (assay_sha256(buf_span(&text), digest) != ASSAY_OK)
		return assay_fail(x->w->err, ASSAY_E_INTERNAL, "can't hash a file without its marks");
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	*ret_same = left_out == x->t->mark_count && strcmp(hex, x->t->sha256) == 0;
	return ASSAY_OK;
}

/* ---- the runs ---- */

static bool
reads(const struct trying *x, const char *unit)
{
	if (strcmp(unit, x->s->path) == 0)
		return true;
	x->w->steps += x->w->a->unit_count;
	for (size_t i = 0; i < x->w->a->unit_count && x->w->steps <= STEPS_MAX; i++) {
		const struct analysis_unit *u = &x->w->a->units[i];
		for (size_t k = 0; k < u->header_count && strcmp(u->file, unit) == 0; k++)
			if (strcmp(u->headers[k], x->s->path) == 0)
				return true;
	}
	return false;
}

static bool
same_run(const struct sca_ran *a, const struct sca_ran *b)
{
	return a->run->unit_count == 1 && strcmp(a->run->pass, b->run->pass) == 0 && strcmp(a->run->units[0], b->run->units[0]) == 0;
}

/* The trial's run that stands against one of before, which may be the second of a file that is compiled twice; NULL: none. */
static const struct sca_ran *
run_against(const struct trying *x, const struct sca_ran *before)
{
	size_t skip = 0;
	for (const struct sca_ran *r = x->e->runs.items; r < before; r++)
		skip += same_run(r, before);
	for (size_t i = 0; i < x->t->runs; i++) {
		const struct sca_ran *r = &x->e->tried.items[x->t->first + i];
		if (same_run(r, before) && skip-- == 0)
			return r;
	}
	return NULL;
}

/* Every run over what reads the file got to its end, with the mark and without it; else why not. */
static const char *
why_not_whole(const struct trying *x)
{
	size_t runs = 0;
	for (size_t i = 0; i < x->e->runs.count; i++) {
		const struct sca_ran *before = &x->e->runs.items[i], *r;
		if (before->run->unit_count != 1 || !reads(x, before->run->units[0]))
			continue;
		r = run_against(x, before);
		if (before->state != SCA_RAN)
			return "the engine didn't get to the end of what reads it";
		if (r == NULL)
			return "the engine wasn't run without it over all that reads it";
		if (r->state != SCA_RAN)
			return "without it the engine doesn't get to the end of what reads it";
		x->w->steps += (r->reading.count + before->reading.count) * (uint64_t)r->reading.count + x->e->runs.count;
		runs++;
	}
	return x->w->steps > STEPS_MAX ? "there is too much to compare" : runs == 0 ? "no unit reads it" : NULL;
}

/* ---- what they report ---- */

static size_t
how_often(const struct sca_reading *read, const struct sca_report *r, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < most; i++) {
		const struct sca_report *o = &read->reports[i];
		count += o->line == r->line && o->column == r->column && strcmp(o->check, r->check) == 0 && strcmp(o->path, r->path) == 0;
	}
	return count;
}

/* "-Wformat" names "-Wformat=", and a pattern what it fits. */
static bool
names(const char *named, const char *check)
{
	const size_t n = strcspn(check, "=");
	return sca_check_is(named, check) || strchr(named, '*') != NULL || (n == strlen(named) && strncmp(named, check, n) == 0);
}

/* clang-tidy's marks mean the checks that they name and no others; a pragma's name may be that of several. */
static bool
means(const struct suppression *s, const struct sca_report *r)
{
	bool meant = s->check_count == 0 || strcmp(s->engine, "clang-tidy") != 0;
	for (size_t i = 0; i < s->check_count && !meant; i++)
		meant = names(s->checks[i], r->check);
	return meant;
}

static bool
covers(const struct suppression *s, const struct sca_report *r)
{
	return !r->outside && r->line >= s->first && r->line <= s->last && strcmp(r->path, s->path) == 0;
}

/* No mark of the trial covers it. Of the marks before it the last is the one that did it; in another file any may be. */
static bool
is_further(const struct trying *x, const struct sca_report *r)
{
	const struct suppression *last = NULL;
	const bool here = !r->outside && strcmp(r->path, x->s->path) == 0;
	for (size_t i = 0; i < x->w->found->count; i++) {
		const struct suppression *s = &x->w->found->items[i];
		if (!is_of(x->w, x->t, s))
			continue;
		if (covers(s, r))
			return false;
		last = s->line <= r->line ? s : last;
	}
	return !here || last == x->s || last == NULL;
}

static void
note(struct trying *x, const struct sca_report *r)
{
	bool named = false;
	if (is_further(x, r)) {
		x->further = r->line;
		x->further_path = r->path;
	}
	if (!covers(x->s, r) || !means(x->s, r))
		return;
	x->first = x->first == 0 || r->line < x->first ? r->line : x->first;
	x->last = r->line > x->last ? r->line : x->last;
	for (size_t i = 0; i < x->s->check_count && i < SUPPRESS_CHECKS_MAX; i++) {
		const bool this_one = names(x->s->checks[i], r->check);
		x->named[i] |= this_one;
		named |= this_one;
	}
	if (!named)
		x->unnamed = r->check;
}

static void
note_all(struct trying *x)
{
	for (size_t i = 0; i < x->e->runs.count; i++) {
		const struct sca_ran *before = &x->e->runs.items[i];
		const struct sca_ran *r = before->run->unit_count == 1 && reads(x, before->run->units[0]) ? run_against(x, before) : NULL;
		for (size_t k = 0; r != NULL && k < r->reading.count; k++) {
			const struct sca_report *one = &r->reading.reports[k];
			if (how_often(&r->reading, one, k + 1) > how_often(&before->reading, one, before->reading.count))
				note(x, one);
		}
	}
}

/* ---- whether it is wider than that ---- */

/* Neither a directive nor a bracket that closes. *at: the first token of its line or of one before. */
static bool
is_statement(const struct code_tokens *t, const struct code_place *p, uint32_t *at)
{
	while (*at < t->count && t->tokens[*at].line < p->line)
		++*at;
	for (uint32_t i = *at; i < t->count && t->tokens[i].line == p->line; i++)
		if (code_column(t, &t->tokens[i]) == p->column)
			return !code_punct(&t->tokens[i], '}');
	return false;
}

/* Whole statements of a region before the first that it is for, or behind the last. */
static enum assay_status
has_surplus(const struct trying *x, bool *ret_surplus)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	enum code_language language = CODE_C;
	struct code_tokens t;
	struct code_statements all;
	*ret_surplus = false;
	if (x->s->reach != SUPPRESS_REGION || x->s->open || !code_language_of(x->s->path, &language))
		return ASSAY_OK;
	TRY(arena_new(SCRATCH_MAX, &scratch));
	TRY(code_lex(x->file->bytes, language, scratch, &t, x->w->err));
	TRY(code_statements_of(&t, scratch, &all, x->w->err));
	const struct code_place *at = code_place_at(&all, x->first, 0);
	uint32_t token = 0;
	for (size_t i = 0; at != NULL && i < all.count; i++) {
		const struct code_place *p = &all.items[i];
		/* For what stands in the head of a function, all of that is marked. */
		const bool counts = at->symbol[0] != '\0' || p->symbol[0] == '\0';
		const bool within = p->line > x->s->first && p->last_line < x->s->last;
		if (counts && within && (p->last_line < x->first || p->line > x->last) && is_statement(&t, p, &token))
			*ret_surplus = true;
	}
	return ASSAY_OK;
}

static const char *
wide_checks(const struct trying *x, const char **ret_untold)
{
	for (size_t i = 0; i < x->s->check_count && i < SUPPRESS_CHECKS_MAX; i++) {
		const char *check = x->s->checks[i];
		const bool idle = x->s->check_count > 1 && !x->named[i] && strchr(check, '*') == NULL;
		const bool asked = silence_is_asked(x->w->plan, x->s->engine, check);
		if (CATCH(silence_idle_check, idle && asked))
			return arena_printf(x->w->c->arena, "names '%s', of which it silences nothing", check);
		if (CATCH(silence_unasked_check, idle && !asked))
			*ret_untold = "the plan doesn't ask the engine for all checks that it names";
	}
	if (CATCH(silence_unnamed_check, x->s->check_count > 0 && x->unnamed != NULL))
		return arena_printf(x->w->c->arena, "silences '%s', which it doesn't name", x->unnamed);
	return NULL;
}

static enum assay_status
tell_width(const struct trying *x, struct silence *out)
{
	bool surplus = false;
	out->wide = wide_checks(x, &out->why);
	if (out->why != NULL)
		out->need = SILENCE_NEED_UNKNOWN;
	if (CATCH(silence_further, x->further > 0))
		out->wide = arena_printf(x->w->c->arena, "silences what is reported at %s:%u, outside of the lines that it seems to cover",
		    x->further_path, x->further);
	TRY(x->first == 0 ? ASSAY_OK : has_surplus(x, &surplus));
	if (CATCH(silence_surplus, surplus))
		out->wide = arena_printf(x->w->c->arena, "covers lines %u to %u, and what it silences stands in lines %u to %u", x->s->first,
		    x->s->last, x->first, x->last);
	return ASSAY_OK;
}

static void
tell_need(const struct trying *x, struct silence *out)
{
	bool asked = x->s->check_count > 0;
	for (size_t i = 0; i < x->s->check_count; i++)
		asked = asked && silence_is_asked(x->w->plan, x->s->engine, x->s->checks[i]);
	out->need = x->first > 0 || x->further > 0 ? SILENCE_NEEDED : asked ? SILENCE_NOT_NEEDED : SILENCE_NEED_UNKNOWN;
	if (out->need == SILENCE_NEED_UNKNOWN)
		out->why = "the plan doesn't ask the engine for the checks that it names";
}

/* Asked once of a trial. */
static enum assay_status
tell_text(const struct trying *x, bool *ret_same)
{
	enum { NOT_ASKED, SAME, OTHER };
	uint8_t *told = &x->w->texts[x->t - x->w->a->trials];
	if (*told == NOT_ASKED) {
		bool same = false;
		TRY(is_over_this_text(x, &same));
		*told = same ? SAME : OTHER;
	}
	*ret_same = *told == SAME;
	return ASSAY_OK;
}

enum assay_status
silence_by_trial(struct silence_work *w, const struct analysis_engine *e, const struct suppression *s, struct silence *ret_silence)
{
	const struct tree *tree = evidence_facts(w->c->input->evidence, TREE_KIND);
	struct trying x = { .w = w, .e = e, .s = s, .file = sources_find(&tree->sources, s->path) };
	bool same = false;
	for (size_t i = 0; i < w->a->trial_count && x.t == NULL; i++)
		x.t = is_of(w, &w->a->trials[i], s) ? &w->a->trials[i] : NULL;
	if (x.t == NULL || x.file == NULL || !x.file->has_bytes)
		return ASSAY_OK;
	TRY(tell_text(&x, &same));
	const char *why = why_not_whole(&x);
	if (CATCH(trial_over_another_text, !same))
		ret_silence->why = "it was tried over another text";
	else if (CATCH(trial_not_whole, why != NULL))
		ret_silence->why = why;
	if (ret_silence->why != NULL)
		return ASSAY_OK;
	note_all(&x);
	if (w->steps > STEPS_MAX) {
		ret_silence->why = "there is too much to compare";
		return ASSAY_OK;
	}
	tell_need(&x, ret_silence);
	return tell_width(&x, ret_silence);
}
