/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commits a review is of: what the user names, or what came since the last review, the cut-over, or the branch that HEAD leaves.
 */
#include "review_start.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/reviewed.h>
#include <string.h>

#define SHORT_LEAST 7
#define REV_MAX 256

static enum assay_status
unknown(const char *name, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no commit that is known here", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "write a branch, a tag, HEAD~1, or a commit's id");
}

static uint32_t
by_ref(const struct history *h, const char *name)
{
	static const char *const folders[] = { "", "refs/heads/", "refs/tags/", "refs/remotes/" };
	char full[REV_MAX + 16];
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		(void)snprintf(full, sizeof full, "%s%s", folders[i], name);
		for (uint32_t k = 0; k < h->ref_count; k++) {
			if (strcmp(h->refs[k].name, full) != 0)
				continue;
			uint32_t tag = h->refs[k].tag;
			while (tag != HISTORY_NONE && h->tags[tag].target_type == GIT_TAG)
				tag = h->tags[tag].target_index;
			return tag != HISTORY_NONE ? h->tags[tag].target_index : h->refs[k].commit;
		}
	}
	return HISTORY_NONE;
}

/* The one commit whose id begins so. */
static uint32_t
by_id(const struct history *h, const char *name)
{
	char hex[2 * OID_MAX + 1];
	uint32_t found = HISTORY_NONE;
	const size_t len = strlen(name);
	if (len < SHORT_LEAST || name[strspn(name, "0123456789abcdef")] != '\0')
		return HISTORY_NONE;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		oid_hex(&h->commits[i].id, h->algo, hex);
		if (strncmp(hex, name, len) != 0)
			continue;
		if (found != HISTORY_NONE)
			return HISTORY_NONE;
		found = i;
	}
	return found;
}

/* NAME, or NAME~N. */
static enum assay_status
find_commit(const struct review_job *x, const char *text, uint32_t *ret_commit, struct assay_error *err)
{
	char name[REV_MAX];
	const char *tilde = strchr(text, '~');
	const size_t len = tilde != NULL ? (size_t)(tilde - text) : strlen(text);
	uint64_t back = 0;
	if (len == 0 || len >= sizeof name)
		return unknown(text, err);
	(void)snprintf(name, sizeof name, "%.*s", (int)len, text);
	if (tilde != NULL && text_to_u64(assay_span_str(tilde[1] != '\0' ? tilde + 1 : "1"), &back) != ASSAY_OK)
		return unknown(text, err);
	uint32_t at = strcmp(name, "HEAD") == 0 ? history_find_commit(x->h, &x->h->head_id) : by_ref(x->h, name);
	at = at == HISTORY_NONE ? by_id(x->h, name) : at;
	for (; back > 0 && at != HISTORY_NONE; back--)
		at = x->h->commits[at].parent_count > 0 ? x->h->commits[at].parents[0] : HISTORY_NONE;
	if (at == HISTORY_NONE)
		return unknown(text, err);
	*ret_commit = at;
	return ASSAY_OK;
}

/* Marks a commit and all that it leads to. */
static enum assay_status
mark(const struct review_job *x, uint32_t from, unsigned char *flags, struct assay_error *err)
{
	uint32_t *stack = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, sizeof *stack), depth = 0;
	if (stack == NULL)
		return arena_full(err);
	if (flags[from] != 0)
		return ASSAY_OK;
	flags[from] = 1;
	stack[depth++] = from;
	while (depth > 0) {
		const struct history_commit *c = &x->h->commits[stack[--depth]];
		for (uint32_t i = 0; i < c->parent_count; i++) {
			if (c->parents[i] == HISTORY_NONE || flags[c->parents[i]] != 0)
				continue;
			flags[c->parents[i]] = 1;
			stack[depth++] = c->parents[i];
		}
	}
	return ASSAY_OK;
}

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
		const uint32_t tip = by_ref(x->h, p->release_branches.items[i]);
		const bool here = x->h->head != NULL && strcmp(x->h->head, p->release_branches.items[i]) == 0;
		if (tip != HISTORY_NONE && !here)
			TRY(mark(x, tip, flags, err));
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
	char first[REV_MAX];
	*ret_base = HISTORY_NONE;
	TRY(find_commit(x, "HEAD", ret_head, err));
	if (range == NULL)
		return guess_base(x, *ret_head, ret_base, err);
	const char *dots = strstr(range, "..");
	const size_t len = dots != NULL ? (size_t)(dots - range) : strlen(range);
	if (len >= sizeof first)
		return unknown(range, err);
	(void)snprintf(first, sizeof first, "%.*s", (int)len, range);
	if (dots != NULL && dots[2] != '\0')
		TRY(find_commit(x, dots + 2, ret_head, err));
	TRY(find_commit(x, first, ret_base, err));
	unsigned char *flags = arena_array(x->w.arena, (size_t)x->h->commit_count + 1, 1);
	if (flags == NULL)
		return arena_full(err);
	TRY(mark(x, *ret_head, flags, err));
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
		TRY(mark(x, base, before, err));
	TRY(mark(x, head, all, err));
	*ret_hints = 0;
	for (uint32_t i = 0; i < x->h->commit_count; i++)
		*ret_hints += all[i] != 0 && before[i] == 0 && review_says_reviewed(x->h->commits[i].message);
	return ASSAY_OK;
}
