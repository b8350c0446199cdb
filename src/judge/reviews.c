/* SPDX-License-Identifier: Apache-2.0 */
#include "reviews.h"
#include "record.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/ask.h>
#include <string.h>

const char *
reviews_hex(const struct reviews *s, const struct oid *id)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, s->h->algo, hex);
	return arena_str(s->c->arena, hex);
}

enum assay_status
reviews_fault(struct reviews *s, struct review_seen *seen, const struct review_fault *fault)
{
	if (fault->words == NULL)
		return arena_full(s->err);
	seen->fault_total++;
	if (seen->faults == NULL)
		seen->faults = arena_array(s->c->arena, REVIEW_FAULTS_MAX, sizeof seen->faults[0]);
	if (seen->faults == NULL)
		return arena_full(s->err);
	if (seen->fault_count < REVIEW_FAULTS_MAX)
		seen->faults[seen->fault_count++] = *fault;
	return ASSAY_OK;
}

/* ---- answers ---- */

static enum assay_status
check_answers(struct reviews *s, struct review_seen *seen)
{
	static const char *const codes[] = { [REVIEW_UNANSWERED] = "review-unanswered", [REVIEW_EMPTY_WORDS] = "answer-says-nothing",
		[REVIEW_SHORT] = "answer-without-reason", [REVIEW_COPIED] = "answer-copied" };
	for (size_t i = 0; i < seen->r.question_count; i++) {
		const struct review_question *q = &seen->r.questions[i];
		const enum review_flaw flaw = review_answer_flaw(q);
		const bool bad = CATCH(review_unanswered, flaw == REVIEW_UNANSWERED) || CATCH(review_empty_words, flaw == REVIEW_EMPTY_WORDS)
		    || CATCH(review_short_answer, flaw == REVIEW_SHORT) || CATCH(review_copied_answer, flaw == REVIEW_COPIED);
		if (!bad)
			continue;
		struct review_fault fault = { REVIEW_PART_COVERS, true, codes[flaw], q->ask, q->line,
			arena_printf(s->c->arena, "the answer about %s (point %c) %s", q->about != NULL ? q->about : "the change",
			    review_point_letter(q->point), review_flaw_words(flaw)) };
		TRY(reviews_fault(s, seen, &fault));
	}
	return ASSAY_OK;
}

/* review.covers: all five points, each file, each interface; and not one answer for everything. */
static enum assay_status
check_questions(struct reviews *s, struct review_seen *seen)
{
	struct arena *arena = s->c->arena;
	const struct review_gaps *g = &seen->gaps;
	for (unsigned i = 0; i < REVIEW_POINTS; i++) {
		struct review_fault fault = { REVIEW_PART_COVERS, true, "review-without-point", review_point_name(i), 1,
			arena_printf(arena, "nothing is asked at point %c, %s", review_point_letter(i), review_point_name(i)) };
		if (CATCH(review_point_missing, g->point[i]))
			TRY(reviews_fault(s, seen, &fault));
	}
	if (CATCH(review_file_unasked, g->file != NULL)) {
		struct review_fault fault = { REVIEW_PART_COVERS, true, "review-passes-over-file", g->file->path, g->file->line,
			arena_printf(arena, "no question of point e is about '%s'", g->file->path) };
		TRY(reviews_fault(s, seen, &fault));
	}
	if (CATCH(review_interface_unasked, g->interface != NULL)) {
		struct review_fault fault = { REVIEW_PART_COVERS, true, "review-passes-over-interface", g->interface->file, 1,
			arena_printf(arena, "no question of point e is about the call of %s in '%s'", g->interface->call, g->interface->file) };
		TRY(reviews_fault(s, seen, &fault));
	}
	if (CATCH(review_bulk_answers, review_is_bulk(g))) {
		struct review_fault fault = { REVIEW_PART_COVERS, true, "answers-all-alike", NULL, 1,
			arena_printf(arena, "%zu of %zu answers are in the same words", g->alike, g->answered) };
		TRY(reviews_fault(s, seen, &fault));
	}
	return ASSAY_OK;
}

/* review.covers: of a file that was looked at whole, and is still that, every call that the table knows. Its bytes are here with a plan. */
static enum assay_status
check_interfaces(struct reviews *s, struct review_seen *seen)
{
	for (size_t i = 0; i < seen->r.file_count; i++) {
		const struct review_file *f = &seen->r.files[i];
		const struct source_file *now = sources_find(&s->tree->sources, f->path);
		const char *call = NULL;
		if (f->has_was || now == NULL || !now->has_bytes || oid_compare(&now->id, &f->blob) != 0)
			continue;
		const enum assay_status status = ask_missing(&seen->r, f->path, now->bytes, s->c->arena, &call, NULL);
		if (status == ASSAY_E_MEMORY)
			return arena_full(s->err);
		if (!CATCH(review_interface_left_out, call != NULL))
			continue;
		struct review_fault fault = { REVIEW_PART_COVERS, true, "review-passes-over-interface", f->path, f->line,
			arena_printf(s->c->arena, "it leaves out that '%s' calls %s", f->path, call) };
		TRY(reviews_fault(s, seen, &fault));
	}
	return ASSAY_OK;
}

/* ---- signatures ---- */

static bool
has_signer(const struct review_seen *seen, const struct roster_entry *who)
{
	for (size_t i = 0; i < seen->signer_count; i++) {
		if (seen->signers[i].who == who)
			return true;
	}
	return false;
}

/* Why this sign-off is none of a reviewer; NULL: it is one. */
static const char *
objection(const struct reviews *s, const struct signoff_seen *one)
{
	const char *role = s->c->input->policy->review_role;
	if (one->code != NULL)
		return one->why;
	if (CATCH(review_other_act, one->s.act != SIGNOFF_REVIEW))
		return arena_printf(s->c->arena, "it is signed to %s and not to review", signoff_act_name(one->s.act));
	if (CATCH(review_other_role, role != NULL && (one->s.role == NULL || strcmp(one->s.role, role) != 0)))
		return arena_printf(s->c->arena, "it isn't signed in the role '%s'", role);
	return NULL;
}

static enum assay_status
find_signers(struct reviews *s, struct review_seen *seen)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	const char *fell = "there is none";
	TRY(assay_sha256(seen->file->bytes, digest));
	for (size_t i = 0; i < s->signoffs.count; i++) {
		const struct signoff_seen *one = &s->signoffs.items[i];
		if (CATCH(review_other_bytes, memcmp(one->s.record, digest, sizeof digest) != 0))
			continue;
		const char *why = objection(s, one);
		fell = why != NULL ? why : fell;
		/* Two keys of one person are one person. */
		if (why != NULL || has_signer(seen, one->who) || seen->signer_count == REVIEW_SIGNERS_MAX)
			continue;
		seen->signers[seen->signer_count++] = (struct review_signer){ one->who, one };
	}
	struct review_fault fault = { REVIEW_PART_INDEPENDENT, true, "review-unsigned", NULL, 1,
		arena_printf(s->c->arena, "no reviewer has signed it: of sign-offs to that end %s", fell) };
	if (CATCH(review_unsigned, seen->signer_count == 0))
		return reviews_fault(s, seen, &fault);
	return ASSAY_OK;
}

/* ---- records ---- */

static enum assay_status
refuse(struct reviews *s, struct review_seen *seen, const char *what, unsigned line)
{
	struct review_fault fault = { REVIEW_PART_COVERS, false, "review-unread", NULL, line,
		arena_printf(s->c->arena, "it can't be read: %s", what) };
	return reviews_fault(s, seen, &fault);
}

static enum assay_status
read_record(struct reviews *s, struct review_seen *seen)
{
	const struct source_file *f = seen->file;
	struct assay_error why = { 0 };
	seen->head = seen->base = seen->merger = HISTORY_NONE;
	if (CATCH(review_is_no_file, !f->has_bytes || !sources_is_file(f)))
		return refuse(s, seen, f->why != NULL ? f->why : "it is no plain file", 1);
	if (!f->has_bytes)
		return ASSAY_OK;
	const enum assay_status status = review_parse(f->bytes, f->path, s->h->algo, s->c->arena, &seen->r, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(s->err);
	if (CATCH(review_malformed, status != ASSAY_OK))
		return refuse(s, seen, why.what, why.line);
	seen->read = status == ASSAY_OK;
	if (!seen->read)
		return ASSAY_OK;
	TRY(review_gaps(&seen->r, s->c->arena, &seen->gaps, s->err));
	TRY(check_answers(s, seen));
	TRY(check_questions(s, seen));
	TRY(check_interfaces(s, seen));
	return find_signers(s, seen);
}

static enum assay_status
read_records(struct reviews *s)
{
	const struct sources *sources = &s->tree->sources;
	const struct source_file *end = sources->files + sources->count;
	const struct source_file *first = sources_under(sources, REVIEW_FOLDER);
	size_t count = 0, entries = 0;
	for (const struct source_file *f = first; f != NULL && f < end && strncmp(f->path, REVIEW_FOLDER, strlen(REVIEW_FOLDER)) == 0; f++)
		count += review_is_record(f->path);
	if (count > REVIEWS_MAX)
		return assay_fail(s->err, ASSAY_E_LIMIT, "more than %u reviews in " REVIEW_FOLDER, REVIEWS_MAX);
	s->items = arena_array(s->c->arena, count + 1, sizeof s->items[0]);
	if (s->items == NULL)
		return arena_full(s->err);
	for (const struct source_file *f = first; s->count < count; f++) {
		if (!review_is_record(f->path))
			continue;
		struct review_seen *seen = &s->items[s->count++];
		seen->file = f;
		TRY(read_record(s, seen));
		entries += seen->r.file_count;
		if (entries > REVIEW_ENTRIES_MAX)
			return assay_fail(s->err, ASSAY_E_LIMIT, "reviews name more than %u files", REVIEW_ENTRIES_MAX);
	}
	return ASSAY_OK;
}

/* ---- the plan ---- */

/* Whether it can be read is for std.declared to say; one that can't be names nothing, and all source needs a review. */
static enum assay_status
read_plan(struct reviews *s)
{
	static const struct yaml_strings none;
	s->relevant = &none;
	TRY(record_plan(s->c, &s->plan, &s->has_plan, s->err));
	if (s->has_plan)
		s->relevant = &s->plan.analysis.security_relevant;
	return ASSAY_OK;
}

static enum assay_status
say_faults(const struct reviews *s, enum review_part part)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct review_seen *seen = &s->items[i];
		for (size_t k = 0; k < seen->fault_count; k++) {
			const struct review_fault *f = &seen->faults[k];
			struct judge_place place = { seen->file->path, seen->file->path, f->line > 0 ? f->line : 1, 1, f->about };
			/* What can't be read says nothing to any of the judges. */
			if (f->part == part || !seen->read)
				TRY(judge_find_at(s->c, s->v, f->gap, f->code, &place, s->err, "review '%s': %s", seen->file->path, f->words));
		}
	}
	return ASSAY_OK;
}

enum assay_status
reviews_read(const struct judge_context *c, struct control_verdict *v, enum review_part part,
    struct reviews *ret_reviews, struct assay_error *err)
{
	struct reviews *s = ret_reviews;
	*s = (struct reviews){ .c = c, .v = v, .err = err, .h = evidence_facts(c->input->evidence, HISTORY_KIND),
		.tree = evidence_facts(c->input->evidence, TREE_KIND), .trees = evidence_facts(c->input->evidence, REVIEWED_KIND) };
	TRY(scope_new(c, v, s->h, &s->scope, err));
	TRY(signoffs_read(c, &s->tree->sources, &s->signoffs, err));
	TRY(read_plan(s));
	TRY(read_records(s));
	TRY(reviews_bind(s));
	for (size_t i = 0; i < s->count; i++)
		s->items[i].counts = s->items[i].read && s->items[i].fault_total == 0;
	TRY(reviews_cover(s));
	return say_faults(s, part);
}
