/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commits a review is of: what the user names, or what came since the last review, the cut-over, or the branch that HEAD leaves.
 */
#include "review_start.h"
#include "revision.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/reviewed.h>
#include <string.h>

#define RANGE_MAX 256

/* For each commit the one of tip's first parents that brought it in. */
static enum assay_status
find_mergers(const struct review_job *x, uint32_t tip, uint32_t **ret_by, struct assay_error *err)
{
	const struct history *h = x->h;
	size_t total = 0;
	for (uint32_t i = 0; i < h->commit_count; i++)
		total += h->commits[i].parent_count;
	uint32_t *first = arena_array(x->w.arena, (size_t)h->commit_count + 1, sizeof *first);
	uint32_t *parents = arena_array(x->w.arena, total + 1, sizeof *parents);
	uint32_t *room = arena_array(x->w.arena, 2 * (size_t)h->commit_count + 2, sizeof *room);
	uint32_t *by = arena_array(x->w.arena, (size_t)h->commit_count + 1, sizeof *by);
	if (first == NULL || parents == NULL || room == NULL || by == NULL)
		return arena_full(err);
	total = 0;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		first[i] = (uint32_t)total;
		for (uint32_t k = 0; k < h->commits[i].parent_count; k++)
			parents[total++] = h->commits[i].parents[k];
	}
	first[h->commit_count] = (uint32_t)total;
	const struct reviewed_graph graph = { h->commit_count, first, parents };
	reviewed_brought(&graph, tip, room, by);
	*ret_by = by;
	return ASSAY_OK;
}

/*
 * What a review may begin at: where reviews that count came in, cut-over commits, and what the release branches hold that HEAD isn't
 * on.
 */
static enum assay_status
mark_beginnings(const struct review_job *x, uint32_t last, unsigned char *flags, struct assay_error *err)
{
	const struct policy *p = x->state.policy;
	uint32_t *by = NULL;
	TRY(find_mergers(x, last, &by, err));
	for (size_t i = 0; i < x->state.record_count; i++) {
		const struct judge_review_record *r = &x->state.records[i];
		const uint32_t head = r->counts ? history_find_commit(x->h, &r->review->head) : HISTORY_NONE;
		if (head != HISTORY_NONE && by[head] != HISTORY_NONE)
			flags[by[head]] = 1;
	}
	for (size_t i = 0; i < p->cut_over.count; i++) {
		struct oid id;
		if (oid_parse(assay_span_str(p->cut_over.items[i]), x->h->algo, &id) == ASSAY_OK
		    && history_find_commit(x->h, &id) != HISTORY_NONE)
			flags[history_find_commit(x->h, &id)] = 1;
	}
	for (size_t i = 0; i < p->release_branches.count; i++) {
		const uint32_t tip = revision_of_ref(x->h, p->release_branches.items[i]);
		const bool here = x->h->head != NULL && strcmp(x->h->head, p->release_branches.items[i]) == 0;
		if (tip != HISTORY_NONE && !here)
			TRY(revision_mark(x->h, tip, x->w.arena, flags, err));
	}
	return ASSAY_OK;
}

static enum assay_status
guess_base(const struct review_job *x, uint32_t head, uint32_t *ret_base, struct assay_error *err)
{
	unsigned char *flags = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, 1);
	if (flags == NULL)
		return arena_full(err);
	TRY(mark_beginnings(x, head, flags, err));
	*ret_base = HISTORY_NONE;
	for (uint32_t at = head; at != HISTORY_NONE && *ret_base == HISTORY_NONE;) {
		const struct history_commit *c = &x->h->commits[at];
		at = c->parent_count > 0 ? c->parents[0] : HISTORY_NONE;
		if (at != HISTORY_NONE && flags[at] != 0)
			*ret_base = at;
	}
	return ASSAY_OK;
}

enum assay_status
review_find_range(const struct review_job *x, const char *range, uint32_t *ret_base, uint32_t *ret_head, struct assay_error *err)
{
	char first[RANGE_MAX];
	*ret_base = HISTORY_NONE;
	TRY(revision_find(x->h, "HEAD", ret_head, err));
	if (range == NULL)
		return guess_base(x, *ret_head, ret_base, err);
	const char *dots = strstr(range, "..");
	const size_t len = dots != NULL ? (size_t)(dots - range) : strlen(range);
	if (len >= sizeof first)
		return revision_unknown(range, err);
	(void)snprintf(first, sizeof first, "%.*s", (int)len, range);
	if (dots != NULL && dots[2] != '\0')
		TRY(revision_find(x->h, dots + 2, ret_head, err));
	TRY(revision_find(x->h, first, ret_base, err));
	unsigned char *flags = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, 1);
	if (flags == NULL)
		return arena_full(err);
	TRY(revision_mark(x->h, *ret_head, x->w.arena, flags, err));
	if (flags[*ret_base] == 0 || *ret_base == *ret_head) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no range: the second commit must descend from the first", range);
		return assay_error_todo(err, ASSAY_E_USAGE, "for whole files, add --whole and name no range");
	}
	return ASSAY_OK;
}

/* ---- hints ---- */

bool
review_says_reviewed(struct assay_span message)
{
	static const char words[] = "reviewed-by:";
	const size_t len = sizeof words - 1;
	for (size_t i = 0; i + len <= message.len; i++) {
		size_t k = 0;
		while (k < len && (message.data[i + k] | 0x20) == (unsigned char)(words[k] | 0x20))
			k++;
		if (k == len && (i == 0 || message.data[i - 1] == '\n'))
			return true;
	}
	return false;
}

enum assay_status
review_count_hints(const struct review_job *x, uint32_t base, uint32_t head, size_t *ret_hints, struct assay_error *err)
{
	unsigned char *before = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, 1);
	unsigned char *all = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, 1);
	if (before == NULL || all == NULL)
		return arena_full(err);
	if (base != HISTORY_NONE)
		TRY(revision_mark(x->h, base, x->w.arena, before, err));
	TRY(revision_mark(x->h, head, x->w.arena, all, err));
	*ret_hints = 0;
	for (uint32_t i = 0; i < x->h->commit_count; i++)
		*ret_hints += all[i] != 0 && before[i] == 0 && review_says_reviewed(x->h->commits[i].message);
	return ASSAY_OK;
}
