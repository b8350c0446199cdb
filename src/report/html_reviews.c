/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The security reviews of HEAD's tree: what they cover, who signed them, and what was answered. Whether that is enough is judged under
 * the controls.
 */
#include "html_page.h"

#include <base/cleanup.h>
#include <evidence/tree.h>
#include <judge/reviews.h>
#include <string.h>

/* Files and questions that are listed, over the page and of one review; 'assay review status' and the records have the rest. */
#define FILES_MAX 500
#define QUESTIONS_MAX 200
#define RECORDS_MAX 200

/* ---- files ---- */

static const struct {
	const char *state, *words, *looks;
} states[] = {
	{ "changed", "changed since review", "v-fail" },
	{ "unreviewed", "never reviewed", "v-fail" },
	{ "begins-unreviewed", "reviewed from an unreviewed state on", "v-fail" },
	{ "gone", "gone or moved without a review", "v-fail" },
	{ "link", "a link", "v-unknown" },
	{ "submodule", "a submodule", "v-unknown" },
	{ "unseen", "can't be told", "v-unknown" },
	{ "reviewed", "as reviewed", "v-pass" },
	{ "exempt", "as it was at the cut-over", NULL },
};
#define STATES (sizeof states / sizeof states[0])

static size_t
count_state(const struct judge_reviews *r, const char *state)
{
	size_t count = 0;
	for (size_t i = 0; i < r->path_count; i++)
		count += strcmp(r->paths[i].state, state) == 0;
	return count;
}

static void
files_line(struct html *h, const struct judge_reviews *r)
{
	html_begin(h, "p", NULL);
	html_textf(h, "Files that need one: %zu", r->path_count);
	for (size_t i = 0; i < STATES; i++) {
		const size_t n = count_state(r, states[i].state);
		if (n > 0)
			html_textf(h, "; %zu %s", n, states[i].words);
	}
	html_text(h, ".");
	html_end(h);
}

static void
file_row(struct html *h, const struct judge_review_path *p)
{
	const char *words = p->state, *looks = NULL;
	for (size_t i = 0; i < STATES; i++) {
		if (strcmp(states[i].state, p->state) == 0) {
			words = states[i].words;
			looks = states[i].looks;
		}
	}
	html_begin(h, "tr", looks);
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_leaf(h, "code", NULL, p->path);
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "span", looks != NULL ? "word" : NULL, words);
	html_end(h);
	html_begin(h, "td", NULL);
	if (p->by != NULL)
		html_leaf(h, "code", NULL, p->by);
	html_end(h);
	html_end(h);
}

static size_t
file_rows(struct html *h, const struct judge_reviews *r, bool open, size_t listed)
{
	for (size_t i = 0; i < r->path_count && listed < FILES_MAX; i++) {
		if (r->paths[i].open != open)
			continue;
		file_row(h, &r->paths[i]);
		listed++;
	}
	return listed;
}

/* Those that need a review still come first. */
static void
files_table(struct html *h, const struct judge_reviews *r)
{
	static const char *const names[] = { "File", "It is", "Review of it, or of another state of it" };
	if (r->path_count == 0)
		return;
	page_table(h, "Files that need a review, and the reviews of them", names, sizeof names / sizeof names[0]);
	const size_t open = file_rows(h, r, true, 0), listed = file_rows(h, r, false, open);
	html_end(h);
	html_end(h);
	html_end(h);
	if (listed < r->path_count) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more aren't listed here; 'assay review status' prints all of them.", r->path_count - listed);
		html_end(h);
	}
}

/* ---- a review ---- */

static void
answer_cell(struct html *h, const struct review_question *q)
{
	html_begin(h, "td", NULL);
	if (!q->answered)
		html_leaf(h, "span", "word", "open");
	if (q->none != NULL) {
		html_text(h, "None: ");
		html_leaf(h, "bdi", NULL, q->none);
	}
	for (size_t i = 0; i < q->found.count; i++) {
		html_text(h, i == 0 ? "Found: " : ", ");
		html_leaf(h, "code", NULL, q->found.items[i]);
	}
	if (q->found.count > 0 && q->text != NULL)
		html_text(h, ". ");
	if (q->text != NULL)
		html_leaf(h, "bdi", NULL, q->text);
	html_end(h);
}

/* first: of its point. */
static void
question_row(struct html *h, const struct review_question *q, bool first)
{
	html_begin(h, "tr", review_answer_flaw(q) == REVIEW_SOUND ? NULL : "v-fail");
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_textf(h, "(%c)", review_point_letter(q->point));
	if (first)
		html_leaf(h, "span", "by", review_point_name(q->point));
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, q->ask);
	if (q->about != NULL) {
		html_begin(h, "span", "by");
		html_leaf(h, "code", NULL, q->about);
		html_end(h);
	}
	html_end(h);
	answer_cell(h, q);
	html_end(h);
}

/* By point, and within one as the record has them; how many were listed. */
static size_t
question_rows(struct html *h, const struct review *r)
{
	size_t listed = 0;
	for (unsigned point = 0; point < REVIEW_POINTS; point++) {
		bool first = true;
		for (size_t i = 0; i < r->question_count && listed < QUESTIONS_MAX; i++) {
			if ((unsigned)r->questions[i].point != point)
				continue;
			question_row(h, &r->questions[i], first);
			first = false;
			listed++;
		}
	}
	return listed;
}

static void
questions_table(struct page *p, const struct judge_review_record *r)
{
	static const char *const names[] = { "Point", "Asked", "Answered" };
	struct html *h = &p->h;
	const char *label = arena_printf(p->arena, "Answers of %s", r->path);
	html_begin(h, "div", "rules");
	page_table(h, label != NULL ? label : "Answers", names, sizeof names / sizeof names[0]);
	const size_t listed = question_rows(h, r->review);
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
	if (listed < r->review->question_count) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more stand in the record.", r->review->question_count - listed);
		html_end(h);
	}
}

/* Opens two elements. */
static void
term_open(struct html *h, const char *term)
{
	html_begin(h, "div", NULL);
	html_leaf(h, "dt", NULL, term);
	html_begin(h, "dd", NULL);
}

static void
term_close(struct html *h)
{
	html_end(h);
	html_end(h);
}

static void
id_term(struct html *h, const char *term, const struct oid *id, enum oid_algo algo)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, algo, hex);
	term_open(h, term);
	page_object(h, hex);
	term_close(h);
}

/* What controls of the family have against a record: how many gaps; written where asked for. */
static size_t
gaps_of(struct page *p, const char *path, bool write)
{
	static const char family[] = "review.";
	size_t count = 0;
	for (size_t i = 0; i < p->v->control_count; i++) {
		const struct control_verdict *v = &p->v->controls[i];
		for (size_t k = 0; strncmp(v->control->id, family, sizeof family - 1) == 0 && k < v->finding_count; k++) {
			const struct finding *f = &v->findings[k];
			if (!f->gap || f->file == NULL || strcmp(f->file, path) != 0)
				continue;
			count++;
			if (write)
				page_term(&p->h, v->control->id, f->message);
		}
	}
	return count;
}

static void
record_facts(struct page *p, const struct judge_review_record *r, enum oid_algo algo)
{
	struct html *h = &p->h;
	html_begin(h, "dl", "about");
	term_open(h, "Signed by");
	for (size_t i = 0; i < r->signer_count; i++) {
		html_text(h, i == 0 ? "" : ", ");
		html_leaf(h, "bdi", NULL, r->signers[i]);
	}
	html_text(h, r->signer_count == 0 ? "nobody" : "");
	term_close(h);
	if (r->review->has_base)
		id_term(h, "From commit", &r->review->base, algo);
	id_term(h, "Commit", &r->review->head, algo);
	id_term(h, "Tree", &r->review->tree, algo);
	term_open(h, "Of");
	html_textf(h, "%zu file%s, %zu call%s of interfaces; %zu of %zu answers are none", r->review->file_count,
	    r->review->file_count == 1 ? "" : "s", r->review->interface_count, r->review->interface_count == 1 ? "" : "s", r->gaps->none,
	    r->gaps->answered);
	term_close(h);
	for (size_t i = 0; i < r->lack_count; i++)
		page_term(h, "It lacks", r->lacks[i]);
	if (r->counts)
		(void)gaps_of(p, r->path, true);
	html_end(h);
}

static void
record(struct page *p, const struct judge_review_record *r, enum oid_algo algo)
{
	struct html *h = &p->h;
	html_begin(h, "details", "alternative");
	html_begin(h, "summary", NULL);
	html_leaf(h, "bdi", NULL, r->review != NULL ? r->review->subject : r->path);
	html_text(h, !r->counts ? ": doesn't count" : gaps_of(p, r->path, false) > 0 ? ": counts, with gaps" : ": counts");
	html_end(h);
	html_begin(h, "p", NULL);
	html_leaf(h, "code", NULL, r->path);
	html_end(h);
	if (r->review == NULL) {
		html_begin(h, "p", NULL);
		for (size_t i = 0; i < r->lack_count; i++)
			html_text(h, r->lacks[i]);
		html_end(h);
	} else {
		record_facts(p, r, algo);
		questions_table(p, r);
	}
	html_end(h);
}

/* ---- the section ---- */

void
page_reviews(struct page *p)
{
	struct html *h = &p->h;
	struct judge_reviews r;
	const struct tree *t = p->input->evidence == NULL ? NULL : evidence_facts(p->input->evidence, TREE_KIND);
	/* Evidence that wasn't asked for shows nothing, and what can't be read is the judges' to say. */
	if (t == NULL || judge_reviews_of(p->input, p->arena, &r, NULL) != ASSAY_OK || r.record_count == 0)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "reviews");
	page_heading(h, "reviews", "What was reviewed for security");
	html_leaf(h, "p", "lead", "Reviews are bound to the bytes that they saw: what changed since is open again. That reviewers looked "
	    "at what they signed is their word. Whether they suffice is judged under review.covers, review.independent, review.bound and "
	    "review.gate.");
	files_line(h, &r);
	files_table(h, &r);
	for (size_t i = 0; i < r.record_count && i < RECORDS_MAX; i++)
		record(p, &r.records[i], t->sources.algo);
	if (r.record_count > RECORDS_MAX) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more reviews aren't listed here.", r.record_count - RECORDS_MAX);
		html_end(h);
	}
	html_end(h);
}
