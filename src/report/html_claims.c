/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: each marked sentence of the maker's documents, and what policy.true found of it.
 */
#include "html_page.h"

#include <docs/sentences.h>
#include <evidence/tree.h>

/* Claims that the page lists over all documents. */
#define CLAIMS_MAX 1000

struct state {
	const char *code; /* of the finding about a claim; NULL: none */
	const char *word;
	const char *look;
};

/* The first that is found counts: the worst stands first. */
static const struct state states[] = {
	{ "claim-contradicted", "contradicted", "v-fail" },
	{ "mark-differs", "says something else", "v-unknown" },
	{ "sentence-says-more", "in part", "v-unknown" },
	{ "claim-unenforced", "unenforced", "v-unknown" },
	{ "unknown-claim", "not a known kind", "v-unknown" },
	{ "mark-malformed", "malformed", "v-unknown" },
	{ NULL, "true", "v-pass" },
};

static const struct control_verdict *
verdict_of(const struct page *p)
{
	for (size_t i = 0; i < p->v->control_count; i++) {
		if (strcmp(p->v->controls[i].control->id, "policy.true") == 0)
			return p->v->controls[i].judged ? &p->v->controls[i] : NULL;
	}
	return NULL;
}

static const struct finding *
finding_of(const struct control_verdict *c, const char *code, const char *path, const struct docs_mark *m,
    const struct docs_sentence *s)
{
	for (size_t i = 0; i < c->finding_count; i++) {
		const struct finding *f = &c->findings[i];
		if (strcmp(f->id, code) == 0 && f->file != NULL && strcmp(f->file, path) == 0 && f->object != NULL
		    && strcmp(f->object, m->text) == 0 && (f->line == s->line || f->line == m->line))
			return f;
	}
	return NULL;
}

static void
claim_row(struct html *h, const struct control_verdict *c, const char *path, const struct docs_mark *m,
    const struct docs_sentence *s)
{
	const struct state *state = states;
	const struct finding *f = NULL;
	while (state->code != NULL && (f = finding_of(c, state->code, path, m, s)) == NULL)
		state++;
	/* Where not every finding is kept, none of a claim doesn't say that it is true. */
	const bool unsure = state->code == NULL && c->finding_count < c->finding_total;
	html_begin(h, "tr", NULL);
	html_begin(h, "td", NULL);
	html_begin(h, "code", NULL);
	html_text(h, path);
	html_textf(h, ":%u", s->line);
	html_end(h);
	html_end(h);
	html_leaf(h, "td", NULL, s->text);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, m->text);
	html_end(h);
	html_begin(h, "td", unsure ? "v-unknown" : state->look);
	html_leaf(h, "span", "word", unsure ? "not listed" : state->word);
	html_end(h);
	html_leaf(h, "td", NULL, f != NULL ? f->message : "");
	html_end(h);
}

/* Rows of one document. */
static size_t
document_rows(struct page *p, const struct control_verdict *c, const struct policy_document *d, size_t room)
{
	struct assay_span bytes;
	struct docs_document document;
	struct docs_sentences all;
	size_t rows = 0;
	if (!page_record(p, d->path, &bytes) || docs_read(d->path, bytes, p->arena, &document, NULL) != ASSAY_OK
	    || docs_sentences(&document, strcmp(d->language, "de") == 0, p->arena, &all, NULL) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < all.mark_count && rows < room; i++) {
		if (all.marks[i].sentence >= all.count)
			continue;
		claim_row(&p->h, c, d->path, &all.marks[i], &all.items[all.marks[i].sentence]);
		rows++;
	}
	return rows;
}

void
page_claims(struct page *p)
{
	static const char *const columns[] = { "Where", "Sentence", "Claim", "It is", "Because" };
	const struct control_verdict *c = verdict_of(p);
	struct html *h = &p->h;
	size_t rows = 0;
	if (c == NULL || p->input->policy == NULL || p->input->policy->document_count == 0)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "claims");
	page_heading(h, "claims", "What the documents claim");
	html_leaf(h, "p", "lead", "Each marked sentence of the documents that " POLICY_PATH " names, and what the facts say of it. Judged under "
	    "policy.true.");
	page_table(h, "Claims of the documents", columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->input->policy->document_count; i++)
		rows += document_rows(p, c, &p->input->policy->documents[i], CLAIMS_MAX - rows);
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
}
