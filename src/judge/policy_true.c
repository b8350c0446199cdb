/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.true: each sentence of the policy that is marked as a claim holds in fact; what nothing enforces, what obliges without a mark,
 * and what holds and is written nowhere, is listed.
 */
#include "papers.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <judge/claims.h>
#include <string.h>

#define QUOTED_MAX 160
#define CONTROLS_MAX 256
#define CLAIMS_MAX 8 /* of one sentence */

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct policy_document *document;
	bool written[CONTROLS_MAX]; /* of the catalogue's controls: some claim is about it */
	uint64_t claims, holding, contradicted, unenforced, unmarked;
	struct assay_error *err;
};

/* The beginning of a sentence, cut between characters. */
static const char *
quote(const struct state *s, const char *sentence)
{
	size_t n = strlen(sentence);
	if (n <= QUOTED_MAX)
		return sentence;
	for (n = QUOTED_MAX; n > 0 && ((unsigned char)sentence[n] & 0xC0) == 0x80;)
		n--;
	const char *cut = arena_printf(s->c->arena, "%.*s...", (int)n, sentence);
	return cut != NULL ? cut : "";
}

static struct judge_place
place_of(const struct state *s, const char *object, unsigned line, unsigned column, const char *sentence)
{
	return (struct judge_place){ object, s->document->path, line, column, sentence };
}

/* ---- marks ---- */

static enum assay_status
find_mark(struct state *s, const struct docs_mark *m, const char *id, const char *words)
{
	struct judge_place place = place_of(s, m->text, m->line, m->column, NULL);
	return judge_find_at(s->c, s->v, false, id, &place, s->err, "the mark '%s %s]' %s", DOCS_MARK, m->text, words);
}

static enum assay_status
find_unknown(struct state *s, const struct docs_mark *m)
{
	const char *names[CONTROLS_MAX];
	for (size_t i = 0; i < claim_kind_count; i++)
		names[i] = claim_kinds[i].name;
	const char *nearest = text_nearest(m->word_count > 0 ? m->words[0] : "", names, claim_kind_count);
	const char *words = arena_printf(s->c->arena, "is of no known kind%s%s", nearest != NULL ? "; did you mean " : "",
	    nearest != NULL ? nearest : "");
	return words != NULL ? find_mark(s, m, "unknown-claim", words) : arena_full(s->err);
}

/* Who wrote that a control holds has written it down, whether or not it is so. */
static void
note_written(struct state *s, const char *control)
{
	const struct catalog *catalog = s->c->input->catalog;
	for (size_t i = 0; control != NULL && i < catalog->control_count && i < CONTROLS_MAX; i++)
		s->written[i] = s->written[i] || strcmp(catalog->controls[i].id, control) == 0;
}

static enum assay_status
judge_claim(struct state *s, struct claim *claim, const struct docs_mark *m, const struct docs_sentence *sentence)
{
	struct judge_place place = place_of(s, m->text, sentence->line, sentence->column, sentence->text);
	const char *said = quote(s, sentence->text);
	TRY(claim_judge(s->c, claim, s->err));
	note_written(s, claim->kind->control);
	s->v->grade.source = claim->grade.source < s->v->grade.source ? claim->grade.source : s->v->grade.source;
	s->v->grade.depth = claim->grade.depth < s->v->grade.depth ? claim->grade.depth : s->v->grade.depth;
	if (CATCH(claim_signed_is, claim->state == CLAIM_CONTRADICTED)) {
		s->contradicted++;
		return judge_find_at(s->c, s->v, true, "claim-contradicted", &place, s->err, "\"%s\" is contradicted: %s", said,
		    claim->fact);
	}
	if (CATCH(claim_nothing_enforces, claim->state == CLAIM_UNENFORCED)) {
		s->unenforced++;
		return judge_find_at(s->c, s->v, false, "claim-unenforced", &place, s->err,
		    "nothing shows that \"%s\": %s", said, claim->fact);
	}
	s->holding++;
	return ASSAY_OK;
}

/* All that the sentence's marks claim, whichever of them is asked about. */
static enum assay_status
judge_rest(struct state *s, const struct docs_sentences *all, const struct docs_mark *m)
{
	struct claim claims[CLAIMS_MAX];
	size_t count = 0;
	const char *what = NULL;
	const struct docs_sentence *sentence = &all->items[m->sentence];
	struct judge_place place = place_of(s, m->text, m->line, m->column, sentence->text);
	for (size_t i = 0; i < all->mark_count && count < CLAIMS_MAX; i++) {
		const struct docs_mark *one = &all->marks[i];
		const struct claim_kind *kind = one->sentence != m->sentence || one->word_count == 0 ? NULL : claim_kind_find(one->words[0]);
		count += kind != NULL && claim_read(one, kind, &claims[count]);
	}
	TRY(claim_says_more(claims, count, sentence->text, s->c->arena, &what, s->err));
	if (what == NULL)
		return ASSAY_OK;
	return judge_find_at(s->c, s->v, false, "sentence-says-more", &place, s->err,
	    "\"%s\" says more than its mark '%s' checks: it speaks of %s too", quote(s, sentence->text), m->text, what);
}

static enum assay_status
judge_mark(struct state *s, const struct docs_sentences *all, const struct docs_mark *m)
{
	struct claim claim;
	const char *why = NULL;
	if (CATCH(mark_never_closed, m->word_count == 0))
		return find_mark(s, m, "mark-malformed", "is empty, too long or never closed");
	const struct claim_kind *kind = m->word_count > 0 ? claim_kind_find(m->words[0]) : NULL;
	if (CATCH(mark_known_kind, kind == NULL))
		return find_unknown(s, m);
	if (CATCH(mark_stands_alone, m->sentence == SIZE_MAX))
		return find_mark(s, m, "mark-without-sentence", "stands on no sentence");
	if (kind == NULL || m->sentence == SIZE_MAX)
		return ASSAY_OK;
	if (!claim_read(m, kind, &claim))
		return find_mark(s, m, "mark-malformed", kind->parameter == CLAIM_NOTHING ? "takes no parameter"
			: kind->parameter == CLAIM_NUMBER || kind->parameter == CLAIM_SECONDS ? "takes a number, as 2"
			: kind->parameter == CLAIM_PERIOD ? "takes a period, as 12 months" : "takes one word");
	const struct docs_sentence *sentence = &all->items[m->sentence];
	struct judge_place place = place_of(s, m->text, m->line, m->column, sentence->text);
	s->claims++;
	claim.document = s->document;
	bool fits = claim_fits(&claim, sentence->text, &why);
	if (CATCH(mark_on_heading, sentence->kind == DOCS_HEADING && kind->english != NULL)) {
		fits = false;
		why = "a heading promises nothing";
	}
	if (CATCH(mark_says_otherwise, !fits))
		TRY(judge_find_at(s->c, s->v, false, "mark-differs", &place, s->err,
		    "\"%s\" doesn't say what its mark '%s' says: %s", quote(s, sentence->text), m->text, why));
	else
		TRY(judge_rest(s, all, m));
	return judge_claim(s, &claim, m, sentence);
}

/* ---- documents ---- */

static enum assay_status
judge_unmarked(struct state *s, const struct docs_sentences *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct docs_sentence *sentence = &all->items[i];
		struct judge_place place = place_of(s, NULL, sentence->line, sentence->column, sentence->text);
		const bool speaks = sentence->kind != DOCS_HEADING && sentence->kind != DOCS_CODE && sentence->mark_count == 0;
		if (CATCH(exemption_without_mark, speaks && !sentence->obliges && all->mark_count > 0 && claim_takes_out(sentence->text)))
			TRY(judge_find_at(s->c, s->v, false, "unmarked-exemption", &place, s->err,
			    "\"%s\" takes something out of what the document says, and no mark says out of what", quote(s, sentence->text)));
		if (!CATCH(obligation_without_mark, sentence->obliges && sentence->mark_count == 0))
			continue;
		s->unmarked++;
		TRY(judge_find_at(s->c, s->v, false, "unmarked-obligation", &place, s->err,
		    "\"%s\" obliges somebody, and no mark says what it claims", quote(s, sentence->text)));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_notes(struct state *s, const struct docs_document *d)
{
	static const struct {
		const char *id, *words;
	} kinds[] = {
		[DOCS_UNREAD] = { "part-unread", "holds a part that isn't read:" },
		[DOCS_HIDDEN] = { "hidden-text", "holds text that nobody sees, with a mark or an obligation in it:" },
		[DOCS_MACRO] = { "document-macro", "holds a program:" },
		[DOCS_EXTERNAL] = { "external-content", "shows what is fetched from elsewhere:" },
		[DOCS_REVISED] = { "tracked-changes", "holds changes that nobody has accepted or refused, in" },
	};
	for (size_t i = 0; i < d->note_count; i++) {
		const struct docs_note *n = &d->notes[i];
		struct judge_place place = place_of(s, s->document->path, n->line, 0, n->what);
		TRY(judge_find_at(s->c, s->v, false, kinds[n->kind].id, &place, s->err, "'%s' %s '%s'", s->document->path,
		    kinds[n->kind].words, n->what));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_paper(struct state *s, const struct paper *p)
{
	struct docs_sentences all;
	struct judge_place place = place_of(s, s->document->path, 0, 0, NULL);
	const char *language = s->document->language;
	const bool german = strcmp(language, "de") == 0;
	struct assay_error why = { 0 };
	const enum assay_status status = docs_sentences(&p->text, german, s->c->arena, &all, &why);
	if (status != ASSAY_OK && status != ASSAY_E_LIMIT) {
		*s->err = why;
		return status;
	}
	if (status == ASSAY_E_LIMIT)
		return judge_find_at(s->c, s->v, false, "document-unread", &place, s->err, "'%s' could not be read: %s",
		    s->document->path, why.what);
	if (CATCH(policy_language_read, !german && strcmp(language, "en") != 0))
		TRY(judge_find_at(s->c, s->v, false, "language-unread", &place, s->err,
		    "'%s' is in '%s': obligations are looked for in English and German alone", s->document->path, language));
	if (CATCH(policy_without_mark, all.mark_count == 0))
		TRY(judge_find_at(s->c, s->v, false, "no-marks", &place, s->err,
		    "no sentence of '%s' is marked as a claim: nothing in it was held against the facts", s->document->path));
	for (size_t i = 0; i < all.mark_count; i++)
		TRY(judge_mark(s, &all, &all.marks[i]));
	TRY(judge_unmarked(s, &all));
	return judge_notes(s, &p->text);
}

/* ---- what is written nowhere ---- */

/* Of the same clause; the two controls of documents speak of themselves. */
static enum assay_status
judge_unwritten(struct state *s)
{
	const struct catalog *catalog = s->c->input->catalog;
	for (size_t i = 0; i < catalog->control_count && i < CONTROLS_MAX; i++) {
		const struct control *control = &catalog->controls[i];
		const struct control_verdict *v = judge_verdict_of(s->c, control->id);
		const bool holds = v != NULL && (v->verdict == VERDICT_PASS || v->unauthorised);
		if (!holds || s->written[i] || control->clause != s->v->control->clause || strncmp(control->id, "policy.", 7) == 0)
			continue;
		struct judge_place place = { control->id, POLICY_PATH, 0, 0, NULL };
		if (CATCH(control_written_nowhere, true))
			TRY(judge_find_at(s->c, s->v, false, "undocumented-control", &place, s->err,
			    "%s holds, and no document says so", control->id));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "claim-contradicted", "change the fact or the sentence, whichever is wrong; both are honest" },
	{ "no-document", "name the policy in assay/policy.yaml under documents; 'assay docs new 5.1.2' writes a first one" },
	{ "no-marks", "mark its sentences: write '[assay: KIND]' after a sentence; assay-claims(7) lists the kinds" },
	{ "claim-unenforced", "bring about what enforces it, or have a person answer for it" },
	{ "unmarked-obligation", "write '[assay: KIND]' after it, as assay-claims(7) says, or '[assay: person]' where a person sees to it" },
	{ "sentence-says-more", "split the sentence, one promise each, and mark what is left, '[assay: person]' where a person sees to it" },
	{ "unmarked-exemption", "say it in the sentence that it limits, or write '[assay: person]' after it and have a person answer for it" },
	{ "mark-differs", "let mark and sentence say the same" },
	{ "unknown-claim", "choose a kind of assay-claims(7)" },
	{ "mark-malformed", "write it as assay-claims(7) says" },
	{ "undocumented-control", "write it down: 'assay docs new 5.1.2' has a sentence for it" },
	{ "hidden-text", "take the hidden text out, or show it" },
	{ "tracked-changes", "accept or refuse them, and have the result approved" },
	{ NULL, "make it a plain document in Markdown or DOCX, all of which can be read" },
};

enum assay_status
judge_policy_true(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	const struct policy *p = c->input->policy;
	bool environment = false;
	for (size_t i = 0; i < p->document_count; i++) {
		struct paper paper;
		bool read = false;
		s.document = &p->documents[i];
		environment = environment || s.document->kind == DOCUMENT_ENVIRONMENT;
		TRY(paper_read(c, v, s.document, &paper, &read, err));
		if (read)
			TRY(judge_paper(&s, &paper));
	}
	if (CATCH(policy_true_nothing, !environment))
		TRY(paper_none(c, v, err));
	else
		TRY(judge_unwritten(&s));
	judge_count(v, "claims", s.claims);
	judge_count(v, "claims that hold", s.holding);
	judge_count(v, "claims that are contradicted", s.contradicted);
	judge_count(v, "claims that nothing enforces", s.unenforced);
	judge_count(v, "obligations without a mark", s.unmarked);
	return judge_conclude(c, v, s.claims, "every claim of the policy holds, and all that holds is written down", advice, err);
}
