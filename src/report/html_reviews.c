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
#define OPEN_MAX 500
#define QUESTIONS_MAX 200
#define RECORDS_MAX 200

static void
columns(struct html *h, const char *const *names, size_t count)
{
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	for (size_t i = 0; i < count; i++)
		page_column(h, names[i]);
	html_end(h);
	html_end(h);
}

/* ---- files ---- */

static const struct {
	const char *state, *words, *looks;
} states[] = {
	{ "changed", "changed since its review", "v-fail" },
	{ "unreviewed", "never reviewed", "v-fail" },
	{ "begins-unreviewed", "reviewed from an unreviewed state on", "v-fail" },
	{ "gone", "gone or moved without a review", "v-fail" },
	{ "link", "a link", "v-unknown" },
	{ "submodule", "a submodule", "v-unknown" },
	{ "unseen", "can't be told", "v-unknown" },
	{ "reviewed", "as it was reviewed", NULL },
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
open_row(struct html *h, const struct judge_review_path *p)
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
	html_leaf(h, "span", "word", words);
	html_end(h);
	html_begin(h, "td", NULL);
	if (p->by != NULL)
		html_leaf(h, "code", NULL, p->by);
	html_end(h);
	html_end(h);
}

static void
open_table(struct html *h, const struct judge_reviews *r)
{
	static const char *const names[] = { "File", "It is", "Review of another state" };
	size_t open = 0, listed = 0;
	for (size_t i = 0; i < r->path_count; i++)
		open += r->paths[i].open;
	if (open == 0)
		return;
	page_scroll(h, "Files that need a review still");
	columns(h, names, sizeof names / sizeof names[0]);
	html_begin(h, "tbody", NULL);
	for (size_t i = 0; i < r->path_count && listed < OPEN_MAX; i++) {
		if (!r->paths[i].open)
			continue;
		open_row(h, &r->paths[i]);
		listed++;
	}
	html_end(h);
	html_end(h);
	html_end(h);
	if (listed < open) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more aren't listed here; 'assay review status' prints all of them.", open - listed);
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

static void
question_row(struct html *h, const struct review_question *q)
{
	html_begin(h, "tr", review_answer_flaw(q) == REVIEW_SOUND ? NULL : "v-fail");
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "row");
	html_attr(h, "title", review_point_name(q->point));
	html_textf(h, "(%c)", review_point_letter(q->point));
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

static void
questions_table(struct page *p, const struct judge_review_record *r)
{
	static const char *const names[] = { "Point", "Asked", "Answered" };
	struct html *h = &p->h;
	const char *label = arena_printf(p->arena, "Answers of %s", r->path);
	const size_t listed = r->review->question_count < QUESTIONS_MAX ? r->review->question_count : QUESTIONS_MAX;
	html_begin(h, "div", "rules");
	page_scroll(h, label != NULL ? label : "Answers");
	columns(h, names, sizeof names / sizeof names[0]);
	html_begin(h, "tbody", NULL);
	for (size_t i = 0; i < listed; i++)
		question_row(h, &r->review->questions[i]);
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

static void
record_facts(struct page *p, const struct judge_review_record *r, enum oid_algo algo)
{
	struct html *h = &p->h;
	html_begin(h, "dl", NULL);
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
	html_textf(h, "%zu files, %zu calls of interfaces; %zu of %zu answers are none", r->review->file_count, r->review->interface_count,
	    r->gaps->none, r->gaps->answered);
	term_close(h);
	for (size_t i = 0; i < r->lack_count; i++)
		page_term(h, "It lacks", r->lacks[i]);
	html_end(h);
}

static void
record(struct page *p, const struct judge_review_record *r, enum oid_algo algo)
{
	struct html *h = &p->h;
	html_begin(h, "details", "alternative");
	html_begin(h, "summary", NULL);
	html_leaf(h, "bdi", NULL, r->review != NULL ? r->review->subject : r->path);
	html_text(h, r->counts ? ": counts" : ": doesn't count");
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
	open_table(h, &r);
	for (size_t i = 0; i < r.record_count && i < RECORDS_MAX; i++)
		record(p, &r.records[i], t->sources.algo);
	if (r.record_count > RECORDS_MAX) {
		html_begin(h, "p", NULL);
		html_textf(h, "%zu more reviews aren't listed here.", r.record_count - RECORDS_MAX);
		html_end(h);
	}
	html_end(h);
}
