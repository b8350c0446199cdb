/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one item of evidence says, held against the others and against what is said of all of them.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/agree.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <evidence/tree.h>

#define SUBJECT_MAX ((size_t)4 * 8192)

static enum assay_status
contradiction(struct assay_error *err, const char *what)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "the evidence contradicts itself: %s", what);
	return assay_error_todo(err, ASSAY_E_VERIFY, "ask whoever made it how it came about");
}

/* ---- what it is about ---- */

static const char *
where(const struct history *h, struct arena *arena)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(SUBJECT_MAX);
	char hex[2 * OID_MAX + 1];
	if (h->head != NULL)
		text_escape(&text, assay_span_str(h->head), false);
	else
		buf_add_str(&text, "detached HEAD");
	if (h->has_head) {
		oid_hex(&h->head_id, h->algo, hex);
		buf_addf(&text, " at %s", hex);
	} else {
		buf_add_str(&text, ", no commit yet");
	}
	return text.status == ASSAY_OK ? arena_copy(arena, buf_span(&text)) : NULL;
}

enum assay_status
evidence_check_subject(const struct evidence_set *set, const char *repository_id,
    const char *subject, struct arena *arena, struct assay_error *err)
{
	const struct history *h = evidence_facts(set, HISTORY_KIND);
	const char *here = set->count > 0 ? set->items[0].subject : NULL;
	if (h != NULL)
		here = where(h, arena);
	else if (here == NULL)
		return ASSAY_OK;
	const char *whole = here != NULL && repository_id != NULL
	    ? arena_printf(arena, "repository %s, %s", repository_id, here)
	    : here;
	if (whole == NULL)
		return arena_full(err);
	for (size_t i = 0; i < set->count; i++) {
		if (CATCH(evidence_subject, strcmp(set->items[i].subject, here) != 0))
			return contradiction(err, "an item is about another commit than the history's head");
	}
	size_t len = strlen(whole);
	bool same = strncmp(subject, whole, len) == 0 &&
	    (subject[len] == '\0' || strcmp(subject + len, SUBJECT_UNCOMMITTED) == 0);
	if (CATCH(pack_subject, !same))
		return contradiction(err, "its subject is not the repository and commit that it holds");
	return ASSAY_OK;
}

/* ---- clone and history ---- */

static bool
parent_absent(const struct history *h)
{
	for (uint32_t i = 0; i < h->commit_count; i++) {
		const struct history_commit *c = &h->commits[i];
		for (uint32_t k = 0; k < c->parent_count; k++) {
			if (c->parents[k] == HISTORY_NONE)
				return true;
		}
	}
	return false;
}

/* Something that the clone's facts name for which an object may not be there. */
static bool
clone_lacks(const struct clone_facts *f)
{
	return f->partial || f->promisors.total + f->missing.total + f->altered.total +
	    f->collisions.total + f->over_cap.total + f->unread.total + f->shallow.total +
	    f->leftovers > 0;
}

static bool
same_head(const struct history *h, const struct tree *t)
{
	const bool same_ref = h->head == NULL || t->ref == NULL ? h->head == t->ref : strcmp(h->head, t->ref) == 0;
	return h->algo == t->sources.algo && same_ref && h->has_head == t->has_head &&
	    (!h->has_head || oid_compare(&h->head_id, &t->commit) == 0);
}

enum assay_status
evidence_check_agreement(const struct evidence_set *set, struct assay_error *err)
{
	const struct history *h = evidence_facts(set, HISTORY_KIND);
	const struct clone_facts *f = evidence_facts(set, CLONE_KIND);
	const struct tree *t = evidence_facts(set, TREE_KIND);
	if (h != NULL && t != NULL && CATCH(agree_head, !same_head(h, t)))
		return contradiction(err, "the files are those of another commit or branch than the history's head");
	if (h == NULL || f == NULL)
		return ASSAY_OK;
	if (CATCH(agree_shallow, f->shallow.total != h->shallow_count))
		return contradiction(err, "the clone's shallow commits are not the history's");
	bool absent = h->absent_count > 0 || parent_absent(h);
	if (CATCH(agree_absent, absent && !clone_lacks(f)))
		return contradiction(err, "the history lacks objects, and the clone says that none is missing");
	if (CATCH(agree_counts, f->commits < h->commit_count || f->tags < h->tag_count))
		return contradiction(err, "the history has more commits or tags than were hashed in the clone");
	return ASSAY_OK;
}
