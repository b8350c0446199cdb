/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.current: the security policy of the development environment is approved, versioned and inside its review date, and
 * says the same of itself.
 */
#include "papers.h"
#include "record.h"
#include "rows.h"
#include "signoffs.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <docs/statements.h>
#include <evidence/tree.h>
#include <string.h>

/* A policy that is to be looked at again in more than three years won't be. */
#define REVIEW_DAYS_MAX 1096

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct policy_document *d;
	const struct sources *sources;
	const struct signoffs *signoffs;
	struct assay_error *err;
};

/* A gap in the entry of policy.yaml. */
static enum assay_status
gap(const struct state *s, const char *id, const char *words, const char *about)
{
	struct judge_place place = { s->d->path, POLICY_PATH, s->d->line, 1, about };
	return judge_find_at(s->c, s->v, true, id, &place, s->err, "'%s' %s%s%s%s", s->d->path, words,
	    about != NULL ? " '" : "", about != NULL ? about : "", about != NULL ? "'" : "");
}

/* ---- the entry ---- */

/* A sign-off names the bytes that were approved: one over an earlier text says nothing of this one. */
static enum assay_status
is_signed(const struct state *s, const char *by, bool *ret_signed)
{
	const struct source_file *file = sources_find(s->sources, s->d->path);
	const struct roster_entry *who = record_person(s->c, by);
	unsigned char digest[ASSAY_SHA256_SIZE];
	*ret_signed = false;
	if (file == NULL || !file->has_bytes || who == NULL)
		return ASSAY_OK;
	TRY(assay_sha256(file->bytes, digest));
	for (size_t i = 0; i < s->signoffs->count; i++) {
		const struct signoff_seen *seen = &s->signoffs->items[i];
		if (seen->code == NULL && seen->who == who && seen->s.act == SIGNOFF_APPROVE
		    && memcmp(seen->s.record, digest, sizeof digest) == 0)
			*ret_signed = true;
	}
	return ASSAY_OK;
}

/* policy.yaml only says who approved: whoever may write to it may say so of anybody. */
static enum assay_status
judge_signatures(const struct state *s)
{
	for (size_t i = 0; i < s->d->approved_by.count; i++) {
		const char *by = s->d->approved_by.items[i];
		struct judge_place place = { s->d->path, POLICY_PATH, s->d->line, 1, by };
		bool done = false;
		TRY(is_signed(s, by, &done));
		if (CATCH(policy_approved_words, !done))
			TRY(judge_find_at(s->c, s->v, false, "approval-unsigned", &place, s->err,
			    "that '%s' approved '%s' is said in '%s', and they have not signed the text as it is", by, s->d->path,
			    POLICY_PATH));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_approval(const struct state *s)
{
	const struct yaml_strings *by = &s->d->approved_by;
	if (CATCH(policy_approved_nobody, by->count == 0))
		return gap(s, "not-approved", "was approved by nobody", NULL);
	for (size_t i = 0; i < by->count; i++) {
		if (CATCH(policy_approved_stranger, record_person(s->c, by->items[i]) == NULL))
			TRY(gap(s, "approver-unknown", "was approved by somebody who isn't on the roster:", by->items[i]));
	}
	if (CATCH(policy_approved_ahead, s->d->approved_on > s->c->input->date + WHEN_DAY - 1))
		TRY(gap(s, "approved-in-future", "was approved on a day that is yet to come", NULL));
	return judge_signatures(s);
}

static enum assay_status
judge_review(const struct state *s)
{
	const int64_t by = s->d->review_by, on = s->d->approved_on;
	char day[WHEN_TEXT_SIZE];
	if (CATCH(policy_never_reviewed, by == WHEN_MIN))
		return gap(s, "no-review-date", "has no day by which it is reviewed again", NULL);
	when_format_date(by, day);
	if (CATCH(policy_review_overdue, when_day(by) < s->c->input->date))
		return gap(s, "review-overdue", "was to be reviewed again by", day);
	if (CATCH(policy_review_lifetime, on != WHEN_MIN && (by < on || by - on > (int64_t)REVIEW_DAYS_MAX * WHEN_DAY)))
		return gap(s, "review-too-far", "is to be reviewed more than three years after its approval, or before it:", day);
	return ASSAY_OK;
}

/* ---- what the document says of itself ---- */

static enum assay_status
differs(const struct state *s, const struct docs_statement *said, const char *id, const char *what, const char *entry)
{
	struct judge_place place = { s->d->path, s->d->path, said->line, said->column, what };
	return judge_find_at(s->c, s->v, true, id, &place, s->err, "'%s' says %s '%s', and '%s' says '%s'", s->d->path, what,
	    said->text, POLICY_PATH, entry);
}

static enum assay_status
judge_day(const struct state *s, const struct docs_statement *said, const char *id, const char *what, int64_t entry)
{
	char day[WHEN_TEXT_SIZE] = "nothing";
	if (entry != WHEN_MIN)
		when_format_date(entry, day);
	if (CATCH(policy_review_renewed, entry == WHEN_MIN || when_day(entry) != said->day))
		return differs(s, said, id, what, day);
	return ASSAY_OK;
}

static enum assay_status
judge_statements(const struct state *s, const struct paper *p)
{
	struct docs_statement said[DOCS_STATEMENTS_MAX];
	size_t count = 0;
	const char *version = s->d->version != NULL ? s->d->version : "nothing";
	TRY(docs_statements(&p->text, s->c->arena, said, &count, s->err));
	for (size_t i = 0; i < count; i++) {
		if (said[i].what == DOCS_STATED_APPROVED)
			TRY(judge_day(s, &said[i], "approval-differs", "it was approved on", s->d->approved_on));
		else if (said[i].what == DOCS_STATED_REVIEW)
			TRY(judge_day(s, &said[i], "review-differs", "its next review is due by", s->d->review_by));
		else if (CATCH(policy_changed_after, strcmp(said[i].text, version) != 0))
			TRY(differs(s, &said[i], "version-differs", "it is version", version));
	}
	judge_count(s->v, "statements of documents about themselves", count);
	return ASSAY_OK;
}

static enum assay_status
judge_document(const struct state *s, uint64_t *judged)
{
	struct paper paper;
	bool read = false;
	if (CATCH(policy_without_version, s->d->version == NULL))
		TRY(gap(s, "no-version", "has no version", NULL));
	TRY(judge_approval(s));
	TRY(judge_review(s));
	TRY(paper_read(s->c, s->v, s->d, &paper, &read, s->err));
	if (!read)
		return ASSAY_OK;
	(*judged)++;
	return judge_statements(s, &paper);
}

static const struct judge_advice advice[] = {
	{ "no-document", "name it in assay/policy.yaml under documents: path, kind: development-environment, language, version, "
			 "approved, review-by; 'assay docs new 5.1.2' writes a first one" },
	{ "document-missing", "commit the document, or correct its path in assay/policy.yaml" },
	{ "document-unread", "keep it as Markdown or DOCX, as a plain file" },
	{ "not-approved", "have it approved, then enter approved: {by: [ID], date: DAY} in assay/policy.yaml" },
	{ "approver-unknown", "name the approver by an id of assay/roster.yaml" },
	{ "approved-in-future", "enter the day on which it was approved" },
	{ "approval-unsigned", "have the approver sign it: assay signoff FILE --act approve" },
	{ "no-review-date", "enter review-by in assay/policy.yaml" },
	{ "review-overdue", "review it, approve it again, and enter the next review-by" },
	{ "review-too-far", "choose an earlier review-by" },
	{ "no-version", "give it a version, and enter it in assay/policy.yaml" },
	{ NULL, "make the document and assay/policy.yaml say the same" },
};

enum assay_status
judge_policy_current(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct policy *p = c->input->policy;
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct signoffs signoffs;
	uint64_t judged = 0, named = 0;
	TRY(signoffs_read(c, &tree->sources, &signoffs, err));
	for (size_t i = 0; i < p->document_count; i++) {
		struct state s = { c, v, &p->documents[i], &tree->sources, &signoffs, err };
		if (p->documents[i].kind != DOCUMENT_ENVIRONMENT)
			continue;
		named++;
		TRY(judge_document(&s, &judged));
	}
	if (CATCH(policy_under_no_name, named == 0))
		TRY(paper_none(c, v, err));
	judge_count(v, "documents", judged);
	return judge_conclude(c, v, judged, "the policy is approved, versioned and inside its review date", advice, err);
}
