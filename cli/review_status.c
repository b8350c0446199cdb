/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay review status: what of HEAD needs a review still, and which reviews don't count. assay review check: whether a record is fit to
 * be signed.
 */
#include "review.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define STATUS_SCHEMA "assay-review-status/1"
#define CHECK_SCHEMA "assay-review-check/1"

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer");
}

static json_t *
text_json(const char *text)
{
	return text != NULL ? canon_text(assay_span_str(text)) : json_null();
}

/* ---- status ---- */

static const struct {
	const char *state, *words;
} state_words[] = {
	{ "changed", "changed since its review" },
	{ "unreviewed", "was never reviewed" },
	{ "begins-unreviewed", "its review begins at a state that nobody reviewed" },
	{ "link", "is a link: review what it leads to" },
	{ "submodule", "is a submodule: review it in its own repository" },
	{ "unseen", "whether it was the same when the policy cut over can't be told" },
	{ "gone", "is gone or moved, and no review saw that" },
};

static const char *
words_of(const char *state)
{
	for (size_t i = 0; i < sizeof state_words / sizeof state_words[0]; i++) {
		if (strcmp(state_words[i].state, state) == 0)
			return state_words[i].words;
	}
	return state;
}

static size_t
count_open(const struct review_job *x)
{
	size_t open = 0;
	for (size_t i = 0; i < x->state.path_count; i++)
		open += x->state.paths[i].open;
	return open;
}

static enum assay_status
status_text(struct review_job *x, size_t open)
{
	const struct judge_reviews *s = &x->state;
	for (size_t i = 0; i < s->path_count; i++) {
		const struct judge_review_path *p = &s->paths[i];
		if (!p->open)
			continue;
		text_escape(&x->out, assay_span_str(p->path), false);
		buf_addf(&x->out, "  %s", words_of(p->state));
		if (p->by != NULL) {
			buf_add_str(&x->out, " (");
			text_escape(&x->out, assay_span_str(p->by), false);
			buf_add_byte(&x->out, ')');
		}
		buf_add_byte(&x->out, '\n');
	}
	for (size_t i = 0; i < s->record_count; i++) {
		const struct judge_review_record *r = &s->records[i];
		for (size_t k = 0; k < r->lack_count; k++) {
			text_escape(&x->out, assay_span_str(r->path), false);
			buf_add_str(&x->out, "  doesn't count: ");
			text_escape(&x->out, assay_span_str(r->lacks[k]), false);
			buf_add_byte(&x->out, '\n');
		}
	}
	buf_addf(&x->out, "%zu of %zu files need a review\n", open, s->path_count);
	if (open > 0 && !x->cli->quiet)
		buf_add_str(&x->out, "\nnext: assay review start\n");
	return ASSAY_OK;
}

static enum assay_status
status_json(struct review_job *x, struct assay_error *err)
{
	const struct judge_reviews *s = &x->state;
	CLEANUP(canon_unref) json_t *files = json_array();
	CLEANUP(canon_unref) json_t *reviews = json_array();
	for (size_t i = 0; i < s->path_count; i++) {
		const struct judge_review_path *p = &s->paths[i];
		if (json_array_append_new(files, json_pack("{s:o, s:s, s:b, s:o}", "path", text_json(p->path), "state", p->state, "open", p->open,
			"review", text_json(p->by))) != 0)
			return no_memory(err);
	}
	for (size_t i = 0; i < s->record_count; i++) {
		const struct judge_review_record *r = &s->records[i];
		CLEANUP(canon_unref) json_t *lacks = json_array();
		CLEANUP(canon_unref) json_t *signers = json_array();
		for (size_t k = 0; k < r->lack_count; k++)
			(void)json_array_append_new(lacks, text_json(r->lacks[k]));
		for (size_t k = 0; k < r->signer_count; k++)
			(void)json_array_append_new(signers, text_json(r->signers[k]));
		if (json_array_append_new(reviews, json_pack("{s:o, s:b, s:O, s:O}", "path", text_json(r->path), "counts", r->counts, "lacks", lacks,
			"signed-by", signers)) != 0)
			return no_memory(err);
	}
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:O, s:O}", "schema", STATUS_SCHEMA, "files", files, "reviews", reviews);
	TRY(root == NULL ? no_memory(err) : canon_write(root, &x->out, err));
	buf_add_byte(&x->out, '\n');
	return ASSAY_OK;
}

int
review_status(struct review_job *x, struct assay_error *err)
{
	enum assay_status status = review_look(x, err);
	const size_t open = count_open(x);
	if (status == ASSAY_OK)
		status = x->cli->json ? status_json(x, err) : status_text(x, open);
	if (status == ASSAY_OK)
		status = cli_print(&x->out, err);
	if (status != ASSAY_OK)
		return cli_error(x->cli, err);
	return open > 0 ? EXIT_GAP : EXIT_NO_GAP;
}

/* ---- check ---- */

struct checking {
	struct review_job *x;
	struct review r;
	const struct tree *head, *base;
	json_t *lacks;
	struct assay_error *err;
};

static enum assay_status
lack(struct checking *c, unsigned line, const char *words)
{
	if (words == NULL)
		return arena_full(c->err);
	return json_array_append_new(c->lacks, json_pack("{s:i, s:o}", "line", (int)line, "lacks", text_json(words))) == 0 ? ASSAY_OK
	    : no_memory(c->err);
}

static enum assay_status
check_answers(struct checking *c)
{
	struct arena *arena = c->x->w.arena;
	struct review_gaps g;
	for (size_t i = 0; i < c->r.question_count; i++) {
		const struct review_question *q = &c->r.questions[i];
		const enum review_flaw flaw = review_answer_flaw(q);
		if (flaw != REVIEW_SOUND)
			TRY(lack(c, q->line, arena_printf(arena, "the answer about %s (point %c) %s", q->about != NULL ? q->about : "the change",
			    review_point_letter(q->point), review_flaw_words(flaw))));
	}
	TRY(review_gaps(&c->r, arena, &g, c->err));
	for (unsigned i = 0; i < REVIEW_POINTS; i++) {
		if (g.point[i])
			TRY(lack(c, 1, arena_printf(arena, "nothing is asked at point %c, %s", review_point_letter(i), review_point_name(i))));
	}
	if (g.file != NULL)
		TRY(lack(c, g.file->line, arena_printf(arena, "no question of point e is about '%s'", g.file->path)));
	if (g.interface != NULL)
		TRY(lack(c, 1, arena_printf(arena, "no question of point e is about the call of %s in '%s'", g.interface->call,
		    g.interface->file)));
	if (review_is_bulk(&g))
		TRY(lack(c, 1, arena_printf(arena, "%zu of %zu answers are in the same words", g.alike, g.answered)));
	return ASSAY_OK;
}

static const struct source_file *
file_at(const struct tree *t, const char *path)
{
	return t != NULL ? sources_find(&t->sources, path) : NULL;
}

static enum assay_status
check_file(struct checking *c, const struct review_file *f)
{
	struct arena *arena = c->x->w.arena;
	const struct source_file *now = file_at(c->head, f->path);
	const struct source_file *was = file_at(c->base, f->moved_from != NULL ? f->moved_from : f->path);
	struct assay_span bytes;
	const char *call = NULL;
	if (f->has_blob ? now == NULL || oid_compare(&now->id, &f->blob) != 0 : now != NULL)
		return lack(c, f->line, arena_printf(arena, "'%s' isn't in that tree what the review says", f->path));
	if (f->has_was && (was == NULL || oid_compare(&was->id, &f->was) != 0))
		return lack(c, f->line, arena_printf(arena, "'%s' wasn't at its base what the review says", f->path));
	if (!f->has_blob || f->has_was)
		return ASSAY_OK;
	TRY(workspace_blobs(&c->x->w, &f->blob, 1, &bytes, c->err));
	if (bytes.data != NULL)
		TRY(ask_missing(&c->r, f->path, bytes, arena, &call, c->err));
	return call == NULL ? ASSAY_OK
	    : lack(c, f->line, arena_printf(arena, "it leaves out that '%s' calls %s", f->path, call));
}

static enum assay_status
check_history(struct checking *c)
{
	struct review_job *x = c->x;
	const uint32_t head = history_find_commit(x->h, &c->r.head);
	if (head == HISTORY_NONE)
		return lack(c, c->r.range_line, "its head isn't in the history");
	if (c->r.has_base && history_find_commit(x->h, &c->r.base) == HISTORY_NONE)
		return lack(c, c->r.range_line, "its base isn't in the history");
	if (oid_compare(&x->h->commits[head].tree, &c->r.tree) != 0)
		TRY(lack(c, c->r.tree_line, "the tree isn't that of its head"));
	if (c->r.file_count == 0)
		TRY(lack(c, 1, "it is of no file"));
	TRY(review_tree(x, &c->r.head, &c->head, c->err));
	if (c->r.has_base)
		TRY(review_tree(x, &c->r.base, &c->base, c->err));
	for (size_t i = 0; i < c->r.file_count; i++)
		TRY(check_file(c, &c->r.files[i]));
	return ASSAY_OK;
}

static enum assay_status
print_check(struct checking *c)
{
	struct review_job *x = c->x;
	size_t i;
	json_t *one;
	if (x->cli->json) {
		CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:s, s:O, s:i}", "schema", CHECK_SCHEMA, "record", x->cli->args[1], "lacks",
		    c->lacks, "questions", (int)c->r.question_count);
		TRY(root == NULL ? no_memory(c->err) : canon_write(root, &x->out, c->err));
		buf_add_byte(&x->out, '\n');
		return cli_print(&x->out, c->err);
	}
	json_array_foreach(c->lacks, i, one) {
		text_escape(&x->out, assay_span_str(x->cli->args[1]), false);
		buf_addf(&x->out, ":%d: ", (int)json_integer_value(json_object_get(one, "line")));
		text_escape(&x->out, assay_span_str(json_string_value(json_object_get(one, "lacks"))), false);
		buf_add_byte(&x->out, '\n');
	}
	if (json_array_size(c->lacks) > 0)
		buf_addf(&x->out, "%zu things are missing\n", json_array_size(c->lacks));
	else
		buf_addf(&x->out, "complete\n\nnext: assay signoff %s --act review --role %s\n", x->cli->args[1],
		    x->state.role != NULL ? x->state.role : "ROLE");
	return cli_print(&x->out, c->err);
}

static enum assay_status
check(struct checking *c)
{
	struct review_job *x = c->x;
	/* Read before the sandbox closes: the record may lie anywhere. */
	TRY(file_read(AT_FDCWD, x->cli->args[1], &x->text, c->err));
	TRY(review_look(x, c->err));
	TRY(review_parse(buf_span(&x->text), x->cli->args[1], x->w.repository->algo, x->w.arena, &c->r, c->err));
	TRY(check_answers(c));
	TRY(check_history(c));
	return print_check(c);
}

int
review_check(struct review_job *x, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *lacks = json_array();
	struct checking c = { .x = x, .lacks = lacks, .err = err };
	const enum assay_status status = lacks == NULL ? no_memory(err) : check(&c);
	if (status == ASSAY_E_NOT_FOUND || status == ASSAY_E_SYSTEM)
		err->status = ASSAY_E_USAGE;
	if (status != ASSAY_OK)
		return cli_error(x->cli, err);
	return json_array_size(lacks) > 0 ? EXIT_GAP : EXIT_NO_GAP;
}
