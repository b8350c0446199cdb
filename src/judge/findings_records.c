/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of findings, those of the past too, and what closures come to.
 */
#include "findings.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/reviewed.h>
#include <sca/reason.h>
#include <stdlib.h>
#include <string.h>

#define SCRATCH_MAX ((size_t)1 << 30)

/* ---- registers ---- */

/* Findings by identity, in memory of their own while they are gathered. */
struct gathering {
	const struct judge_context *c;
	struct sca_entry *entries;
	size_t count, room;
	struct assay_error *err;
};

static void
gathering_done(struct gathering *g)
{
	free(g->entries);
}

static enum assay_status
insert(struct gathering *g, const struct sca_entry *e)
{
	size_t low = 0, high = g->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(g->entries[middle].identity, e->identity);
		if (order == 0)
			return ASSAY_OK;
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	if (g->count == g->room) {
		const size_t room = g->room == 0 ? 256 : 2 * g->room;
		struct sca_entry *more = reallocarray(g->entries, room, sizeof *more);
		if (more == NULL)
			return assay_fail(g->err, ASSAY_E_MEMORY, "no memory for %zu findings", room);
		g->entries = more;
		g->room = room;
	}
	memmove(&g->entries[low + 1], &g->entries[low], (g->count - low) * sizeof *e);
	g->entries[low] = *e;
	g->count++;
	return ASSAY_OK;
}

static enum assay_status
insert_all(struct gathering *g, const struct sca_register *r)
{
	for (size_t i = 0; i < r->count; i++)
		TRY(insert(g, &r->entries[i]));
	return ASSAY_OK;
}

static bool
all_known(const struct gathering *g, const struct sca_register *r)
{
	const struct sca_register known = { g->entries, g->count };
	for (size_t i = 0; i < r->count; i++) {
		if (sca_register_find(&known, r->entries[i].identity) == NULL)
			return false;
	}
	return true;
}

static bool
is_file(const struct source_file *f)
{
	return f != NULL && sources_is_file(f) && f->has_bytes;
}

/* One of the past. What can't be read of it named nothing that anybody could have read there. */
static enum assay_status
insert_past(struct gathering *g, const struct source_file *f)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct assay_error why = { 0 };
	struct sca_register r;
	if (arena_new(SCRATCH_MAX, &scratch) != ASSAY_OK)
		return arena_full(g->err);
	if (sca_register_parse(f->bytes, REGISTER_PATH, scratch, &r, &why) != ASSAY_OK || all_known(g, &r))
		return why.status == ASSAY_E_MEMORY ? arena_full(g->err) : ASSAY_OK;
	TRY(sca_register_parse(f->bytes, REGISTER_PATH, g->c->arena, &r, g->err));
	return insert_all(g, &r);
}

static int
by_id(const void *a, const void *b)
{
	const struct source_file *x = *(const struct source_file *const *)a, *y = *(const struct source_file *const *)b;
	return oid_compare(&x->id, &y->id);
}

/* The register in each folder assay/ that an ancestor of HEAD has. */
static enum assay_status
list_past(struct gathering *g, const struct findings_base *b, const struct source_file **files, size_t *ret_count)
{
	const struct standing *s = g->c->standing;
	bool *taken = arena_array(g->c->arena, (size_t)s->folder_count + 1, sizeof *taken);
	size_t count = 0;
	if (taken == NULL)
		return arena_full(g->err);
	for (uint32_t i = 0; i < b->h->commit_count; i++) {
		const uint32_t folder = b->ancestors[i] ? s->folder[i] : STANDING_NONE;
		if (folder == STANDING_NONE || taken[folder])
			continue;
		taken[folder] = true;
		const struct source_file *f = sources_find(&s->folders[folder].files, REGISTER_PATH);
		if (is_file(f))
			files[count++] = f;
	}
	*ret_count = count;
	return ASSAY_OK;
}

/* Each version once. */
static enum assay_status
gather_past(struct gathering *g, const struct findings_base *b)
{
	const struct standing *s = g->c->standing;
	size_t count = 0;
	if (s == NULL || b->h == NULL || s->h != b->h || s->folder == NULL)
		return ASSAY_OK;
	const struct source_file **files = arena_array(g->c->arena, (size_t)s->folder_count + 1, sizeof(const struct source_file *));
	if (files == NULL)
		return arena_full(g->err);
	TRY(list_past(g, b, files, &count));
	qsort(files, count, sizeof(const struct source_file *), by_id);
	for (size_t i = 0, read = 0; i < count; i++) {
		if (i > 0 && by_id(&files[i - 1], &files[i]) == 0)
			continue;
		if (++read > FINDINGS_REGISTERS_MAX)
			return assay_fail(g->err, ASSAY_E_LIMIT, "more than %u versions of '" REGISTER_PATH "'", FINDINGS_REGISTERS_MAX);
		TRY(insert_past(g, files[i]));
	}
	return ASSAY_OK;
}

/* What is in force says what a finding means; HEAD's may name more, and never less. */
static enum assay_status
gather_here(struct gathering *g, struct findings_base *b)
{
	const struct standing_folder *now = standing_now(g->c->standing);
	const struct source_file *in_force = now == NULL ? NULL : sources_find(&now->files, REGISTER_PATH);
	const struct source_file *here = sources_find(&b->code->tree->sources, REGISTER_PATH);
	struct assay_error why = { 0 };
	struct sca_register r;
	if (is_file(in_force) && sca_register_parse(in_force->bytes, REGISTER_PATH, g->c->arena, &r, &why) == ASSAY_OK)
		TRY(insert_all(g, &r));
	b->has_register = here != NULL;
	if (here == NULL)
		return ASSAY_OK;
	if (!is_file(here)) {
		(void)assay_fail(&why, ASSAY_E_FORMAT, "%s", here->why != NULL ? here->why : "it is no plain file");
		return findings_unreadable(g->c, b, REGISTER_PATH, &why, g->err);
	}
	if (sca_register_parse(here->bytes, REGISTER_PATH, g->c->arena, &b->here, &why) != ASSAY_OK)
		return findings_unreadable(g->c, b, REGISTER_PATH, &why, g->err);
	return insert_all(g, &b->here);
}

enum assay_status
findings_read_registers(const struct judge_context *c, struct findings_base *b, const struct sca_register *first, struct assay_error *err)
{
	CLEANUP(gathering_done) struct gathering g = { .c = c, .err = err };
	if (first != NULL)
		TRY(insert_all(&g, first));
	TRY(gather_here(&g, b));
	TRY(gather_past(&g, b));
	struct sca_entry *entries = arena_array(c->arena, g.count + 1, sizeof *entries);
	if (entries == NULL)
		return arena_full(err);
	if (g.count > 0)
		memcpy(entries, g.entries, g.count * sizeof *entries);
	b->known = (struct sca_register){ entries, g.count };
	return ASSAY_OK;
}

/* ---- closures ---- */

struct closing {
	const struct judge_context *c;
	struct findings_base *b;
	struct signoffs signoffs;
	struct assay_error *err;
};

static uint32_t
commit_of(const struct findings_base *b, const char *hex)
{
	struct oid id;
	if (b->h == NULL || oid_parse(assay_span_str(hex), b->h->algo, &id) != ASSAY_OK)
		return HISTORY_NONE;
	const uint32_t i = history_find_commit(b->h, &id);
	return i != HISTORY_NONE && b->ancestors[i] ? i : HISTORY_NONE;
}

static bool
has_email(const struct roster_entry *who, struct assay_span email)
{
	for (size_t i = 0; i < who->emails.count; i++) {
		if (assay_span_equal(assay_span_str(who->emails.items[i]), email))
			return true;
	}
	return false;
}

bool
findings_wrote(const struct judge_context *c, const struct roster_entry *who, const struct history_commit *commit)
{
	const struct roster *r = c->input->roster;
	return has_email(who, commit->author_email) || has_email(who, commit->email) || roster_by_email(r, commit->author_email) == who
	    || roster_by_email(r, commit->email) == who;
}

static bool
has_verified(const struct closing *x, const struct roster_entry *who, const unsigned char digest[ASSAY_SHA256_SIZE])
{
	const struct record_signed all = { .signoffs = x->signoffs };
	struct record_signed one = all;
	memcpy(one.digest, digest, ASSAY_SHA256_SIZE);
	return record_signed_by(&one, SIGNOFF_REVIEW, &who->id, 1) || record_signed_by(&one, SIGNOFF_APPROVE, &who->id, 1);
}

const char *
findings_doubt_change(const struct judge_context *c, const struct findings_base *b, uint32_t fix, const char *path)
{
	const struct reviewed *trees = evidence_facts(c->input->evidence, REVIEWED_KIND);
	const struct history *h = b->h;
	const struct history_commit *commit = &h->commits[fix];
	struct git_tree_entry now, then;
	bool unseen = trees == NULL;
	for (uint32_t i = 0; trees != NULL && i < commit->parent_count; i++) {
		const uint32_t parent = commit->parents[i];
		const enum reviewed_found here = reviewed_find(trees, &commit->tree, path, &now);
		const enum reviewed_found before
		    = parent == HISTORY_NONE ? REVIEWED_UNSEEN : reviewed_find(trees, &h->commits[parent].tree, path, &then);
		unseen = unseen || here == REVIEWED_UNSEEN || before == REVIEWED_UNSEEN;
		if (!unseen && before == REVIEWED_THERE && (here == REVIEWED_ABSENT || oid_compare(&now.id, &then.id) != 0))
			return NULL;
	}
	if (CATCH(closure_change_unseen, unseen))
		return "what the commit changes that is said to mend it isn't here";
	return CATCH(closure_changes_nothing, !unseen) ? "the commit that is said to mend it changes nothing in the finding's file" : NULL;
}

/* What fails when the fault comes back is neither the code itself nor a record. */
static bool
is_no_test(const char *test, const struct sca_entry *known)
{
	return strncmp(test, "assay/", 6) == 0 || (known != NULL && strcmp(test, known->path) == 0);
}

/* find.closed: the commit is there, somebody else looked, and a test remains. */
static struct findings_doubt
doubt_fix(const struct judge_context *c, const struct findings_base *b, const struct sca_closure *k)
{
	const struct roster_entry *who = record_person(c, k->verifier);
	const uint32_t fix = commit_of(b, k->fix_commit);
	const struct source_file *test = sources_find(&b->code->tree->sources, k->test);
	const struct sca_entry *known = sca_register_find(&b->known, k->finding);
	if (CATCH(closure_verifier_unknown, who == NULL))
		return (struct findings_doubt){ "its verifier is nobody of the roster", FINDINGS_ABOUT_VERIFIER };
	if (CATCH(closure_no_such_commit, fix == HISTORY_NONE))
		return (struct findings_doubt){ "the commit that is said to mend it is not HEAD's, nor any before it", FINDINGS_ABOUT_FIX };
	if (CATCH(closure_by_the_fixer, who != NULL && fix != HISTORY_NONE && findings_wrote(c, who, &b->h->commits[fix])))
		return (struct findings_doubt){ "its verifier wrote the commit that mends it", FINDINGS_ABOUT_VERIFIER };
	if (CATCH(closure_without_test, !sources_is_file(test)))
		return (struct findings_doubt){ "its regression test is not in the tree", FINDINGS_ABOUT_TEST };
	if (CATCH(closure_by_no_test, is_no_test(k->test, known)))
		return (struct findings_doubt){ "its regression test is the finding's own file, or a record", FINDINGS_ABOUT_TEST };
	return (struct findings_doubt){
		known == NULL || fix == HISTORY_NONE ? NULL : findings_doubt_change(c, b, fix, known->path), FINDINGS_ABOUT_FIX
	};
}

enum assay_status
findings_doubt_closure(const struct judge_context *c, const struct findings_base *b, const struct sca_closure *k,
    struct findings_doubt *ret_doubt, struct assay_error *err)
{
	struct sca_reason reason;
	*ret_doubt = (struct findings_doubt){ "policy.yaml names no role that approves exceptions and closures", FINDINGS_ABOUT_ROLE };
	TRY(sca_reason_judge(k->reason, c->arena, &reason, err));
	if (c->input->policy->exception_role == NULL)
		return ASSAY_OK;
	ret_doubt->why = NULL;
	if (k->state == SCA_CLOSE_FIXED)
		*ret_doubt = doubt_fix(c, b, k);
	if (CATCH(closure_reason_empty, ret_doubt->why == NULL && reason.kind == SCA_REASON_NOTHING))
		*ret_doubt = (struct findings_doubt){ "its reason says nothing", FINDINGS_ABOUT_REASON };
	return ASSAY_OK;
}

/* find.closed: what it says holds, and those who have to have signed it. */
static enum assay_status
doubt_closure(const struct closing *x, const struct source_file *f, struct sca_closed *closed)
{
	const char *role = x->c->input->policy->exception_role;
	const struct signoff_seen *approval;
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct findings_doubt doubt;
	TRY(assay_sha256(f->bytes, digest));
	TRY(findings_doubt_closure(x->c, x->b, &closed->c, &doubt, x->err));
	closed->why = doubt.why;
	if (role == NULL)
		return ASSAY_OK;
	const bool approved = signoffs_approved(&x->signoffs, f, role, &approval, &closed->why);
	if (CATCH(closure_not_approved, !approved))
		return closed->why == NULL ? arena_full(x->err) : ASSAY_OK;
	const struct roster_entry *who = closed->c.state == SCA_CLOSE_FIXED ? record_person(x->c, closed->c.verifier) : NULL;
	closed->why = doubt.why;
	if (CATCH(closure_not_verified, closed->why == NULL && who != NULL && !has_verified(x, who, digest)))
		closed->why = "its verifier has signed neither a review nor an approval of it";
	return ASSAY_OK;
}

static enum assay_status
read_closure(struct closing *x, const struct source_file *f)
{
	struct sca_closed *closed = &x->b->closed[x->b->closed_count];
	struct assay_error why = { 0 };
	*closed = (struct sca_closed){ .path = f->path };
	if (!is_file(f)) {
		(void)assay_fail(&why, ASSAY_E_FORMAT, "%s", f->why != NULL ? f->why : "it is no plain file");
		return findings_unreadable(x->c, x->b, f->path, &why, x->err);
	}
	if (sca_closure_parse(f->bytes, f->path, x->c->arena, &closed->c, &why) != ASSAY_OK)
		return findings_unreadable(x->c, x->b, f->path, &why, x->err);
	x->b->closed_count++;
	return doubt_closure(x, f, closed);
}

enum assay_status
findings_read_closures(const struct judge_context *c, struct findings_base *b, struct assay_error *err)
{
	const struct sources *s = &b->code->tree->sources;
	const struct source_file *f = sources_under(s, CLOSURE_FOLDER), *end = s->files + s->count;
	struct closing x = { .c = c, .b = b, .err = err };
	/* One more, for who asks what would be. */
	b->closed = arena_array(c->arena, CLOSURES_MAX + 1, sizeof *b->closed);
	if (b->closed == NULL)
		return arena_full(err);
	if (f == NULL)
		return ASSAY_OK;
	TRY(signoffs_read(c, s, &x.signoffs, err));
	for (; f < end && strncmp(f->path, CLOSURE_FOLDER, strlen(CLOSURE_FOLDER)) == 0; f++) {
		if (!sca_closure_is_record(f->path))
			continue;
		if (b->closed_count + b->unread_count >= CLOSURES_MAX)
			return assay_fail(err, ASSAY_E_FORMAT, "more than %d closures in " CLOSURE_FOLDER, CLOSURES_MAX);
		TRY(read_closure(&x, f));
	}
	return ASSAY_OK;
}
