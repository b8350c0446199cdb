/* SPDX-License-Identifier: Apache-2.0 */
#include "scope.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>

bool
scope_has_commit(const struct scope *s, uint32_t commit)
{
	return (s->commits[commit] & (SCOPE_IN | SCOPE_EXEMPT)) == SCOPE_IN;
}

bool
scope_has_tag(const struct scope *s, uint32_t tag)
{
	return (s->tags[tag] & (SCOPE_IN | SCOPE_EXEMPT)) == SCOPE_IN;
}

uint32_t
scope_mark(const struct scope *s, unsigned char *flags, unsigned char bit, uint32_t start)
{
	uint32_t count = 0;
	if (start == HISTORY_NONE || (flags[start] & bit) != 0)
		return 0;
	flags[start] |= bit;
	s->stack[count++] = start;
	/* The stack is a queue that keeps what it held: each commit enters once, so it never overflows. */
	for (uint32_t at = 0; at < count; at++) {
		uint32_t commit = s->stack[at];
		for (uint32_t i = s->first[commit]; i < s->first[commit + 1]; i++) {
			uint32_t p = s->parents[i];
			if (p == HISTORY_NONE || (flags[p] & bit) != 0)
				continue;
			flags[p] |= bit;
			s->stack[count++] = p;
		}
	}
	return count;
}

/* ---- refs ---- */

static bool
matches(const struct yaml_strings *patterns, const char *name)
{
	for (size_t i = 0; i < patterns->count; i++) {
		if (text_match(assay_span_str(patterns->items[i]), assay_span_str(name)))
			return true;
	}
	return false;
}

struct builder {
	const struct judge_context *c;
	struct control_verdict *v;
	struct scope *s;
	struct assay_error *err;
};

static enum assay_status
open_question(const struct builder *b, const char *id, const struct oid *about, const char *before,
    const char *after)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(about, b->s->h->algo, hex);
	return judge_find(b->c, b->v, false, id, hex, before, b->err, "%s %s %s", before, hex, after);
}

/* Tags may name tags: each is in scope, then what the last one names. */
static enum assay_status
enter_tags(const struct builder *b, uint32_t tag)
{
	const struct history *h = b->s->h;
	while (tag != HISTORY_NONE && (b->s->tags[tag] & SCOPE_IN) == 0) {
		const struct history_tag *t = &h->tags[tag];
		b->s->tags[tag] |= SCOPE_IN;
		if (t->target_type != GIT_COMMIT && t->target_type != GIT_TAG)
			return ASSAY_OK;
		if (CATCH(target_absent, t->target_index == HISTORY_NONE))
			return open_question(b, "target-absent", &t->id, "what tag",
			    "names is absent and was not judged");
		if (t->target_type == GIT_COMMIT) {
			(void)scope_mark(b->s, b->s->commits, SCOPE_IN, t->target_index);
			return ASSAY_OK;
		}
		tag = t->target_index;
	}
	return ASSAY_OK;
}

static enum assay_status
enter_refs(const struct builder *b)
{
	const struct history *h = b->s->h;
	const struct policy *policy = b->c->input->policy;
	for (uint32_t i = 0; i < h->ref_count; i++) {
		const struct history_ref *ref = &h->refs[i];
		if (!matches(&policy->branches, ref->name) && !matches(&policy->tags, ref->name))
			continue;
		if (ref->commit != HISTORY_NONE)
			(void)scope_mark(b->s, b->s->commits, SCOPE_IN, ref->commit);
		else if (ref->tag != HISTORY_NONE)
			TRY(enter_tags(b, ref->tag));
		else if (CATCH(ref_unread, true))
			TRY(judge_find(b->c, b->v, false, "ref-unread", ref->name, NULL, b->err,
			    "'%s' names no commit or tag that could be read", ref->name));
	}
	return ASSAY_OK;
}

/*
 * The subject names HEAD's commit, so that it is what a reader takes the verdict for. Detached, no ref speaks for it: it is in
 * scope by itself. On a branch, the policy says what is in scope, and that it leaves HEAD out is an open question.
 */
static enum assay_status
enter_head(const struct builder *b)
{
	const struct history *h = b->s->h;
	if (!h->has_head)
		return ASSAY_OK;
	uint32_t head = history_find_commit(h, &h->head_id);
	if (CATCH(head_unread, head == HISTORY_NONE))
		return open_question(b, "head-unread", &h->head_id, "HEAD's commit",
		    "could not be read and was not judged");
	if (CATCH(head_detached, h->head == NULL))
		(void)scope_mark(b->s, b->s->commits, SCOPE_IN, head);
	if (CATCH(head_left_out, h->head != NULL && (b->s->commits[head] & SCOPE_IN) == 0))
		return open_question(b, "head-not-in-scope", &h->head_id, "HEAD's commit",
		    "is left out by the policy's scope and was not judged");
	return ASSAY_OK;
}

/* ---- cut-over ---- */

static enum assay_status
exempt(const struct builder *b)
{
	const struct history *h = b->s->h;
	const struct yaml_strings *ids = &b->c->input->policy->cut_over;
	for (size_t i = 0; i < ids->count; i++) {
		struct oid id = { 0 };
		uint32_t commit = HISTORY_NONE, tag = HISTORY_NONE;
		if (oid_parse(assay_span_str(ids->items[i]), h->algo, &id) == ASSAY_OK) {
			commit = history_find_commit(h, &id);
			tag = history_find_tag(h, &id);
		}
		if (commit != HISTORY_NONE)
			(void)scope_mark(b->s, b->s->commits, SCOPE_EXEMPT, commit);
		else if (tag != HISTORY_NONE)
			b->s->tags[tag] |= SCOPE_EXEMPT;
		else if (CATCH(cut_over_absent, true))
			TRY(judge_find(b->c, b->v, false, "cut-over-absent", ids->items[i], NULL, b->err,
			    "the policy's cut-over '%s' is no commit or tag of this history",
			    ids->items[i]));
	}
	return ASSAY_OK;
}

/* ---- what the walk didn't reach ---- */

static bool
has_id(const struct oid *ids, uint32_t count, const struct oid *id)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = oid_compare(&ids[middle], id);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static enum assay_status
check_parents(const struct builder *b, uint32_t commit)
{
	const struct history *h = b->s->h;
	const struct oid *id = &h->commits[commit].id;
	bool absent = false;
	for (uint32_t i = b->s->first[commit]; i < b->s->first[commit + 1]; i++)
		absent = absent || b->s->parents[i] == HISTORY_NONE;
	if (!CATCH(parent_absent, absent))
		return ASSAY_OK;
	bool shallow = has_id(h->shallow, h->shallow_count, id);
	return open_question(b, shallow ? "parent-beyond-shallow" : "parent-absent", id,
	    "a parent of commit",
	    shallow ? "lies beyond the shallow boundary and was not judged"
		    : "is absent and was not judged");
}

/* The ancestors of what is exempt are exempt too: that they are absent hides nothing. */
static enum assay_status
count_scope(const struct builder *b)
{
	struct scope *s = b->s;
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		if (scope_has_commit(s, i)) {
			s->commits_judged++;
			TRY(check_parents(b, i));
		} else if ((s->commits[i] & SCOPE_IN) != 0) {
			s->commits_exempt++;
		}
	}
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		if (scope_has_tag(s, i))
			s->tags_judged++;
		else if ((s->tags[i] & SCOPE_IN) != 0)
			s->tags_exempt++;
	}
	return ASSAY_OK;
}

static enum assay_status
gather_parents(const struct judge_context *c, struct scope *s, struct assay_error *err)
{
	const struct history *h = s->h;
	size_t total = 0;
	for (uint32_t i = 0; i < h->commit_count; i++)
		total += h->commits[i].parent_count;
	if (total >= UINT32_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the history has more than %u parents", UINT32_MAX);
	uint32_t *first = arena_array(c->arena, h->commit_count + (size_t)1, sizeof *first);
	uint32_t *parents = arena_array(c->arena, total + 1, sizeof *parents);
	if (first == NULL || parents == NULL)
		return arena_full(err);
	uint32_t at = 0;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		const struct history_commit *commit = &h->commits[i];
		first[i] = at;
		for (uint32_t k = 0; k < commit->parent_count; k++)
			parents[at++] = commit->parents[k];
	}
	first[h->commit_count] = at;
	s->first = first;
	s->parents = parents;
	return ASSAY_OK;
}

enum assay_status
scope_new(const struct judge_context *c, struct control_verdict *v, const struct history *h,
    struct scope **ret_scope, struct assay_error *err)
{
	struct scope *s = arena_alloc(c->arena, sizeof *s);
	if (s == NULL)
		return arena_full(err);
	struct builder b = { c, v, s, err };
	s->h = h;
	s->commits = arena_array(c->arena, h->commit_count + (size_t)1, 1);
	s->tags = arena_array(c->arena, h->tag_count + (size_t)1, 1);
	s->stack = arena_array(c->arena, h->commit_count + (size_t)1, sizeof *s->stack);
	if (s->commits == NULL || s->tags == NULL || s->stack == NULL)
		return arena_full(err);
	TRY(gather_parents(c, s, err));
	TRY(enter_refs(&b));
	TRY(enter_head(&b));
	TRY(exempt(&b));
	TRY(count_scope(&b));
	*ret_scope = s;
	return ASSAY_OK;
}

/* ---- order ---- */

struct order {
	const struct scope *s;
	uint32_t *cursor; /* next parent to look at, of each commit on the stack */
	unsigned char *seen;
	uint32_t *order;
	uint32_t count;
};

/* Depth first along parents; a commit is put down once all its parents are. */
static void
put_with_parents(struct order *o, uint32_t start)
{
	const struct scope *s = o->s;
	uint32_t *stack = s->stack;
	uint32_t depth = 0;
	o->seen[start] = 1;
	stack[depth++] = start;
	while (depth > 0) {
		uint32_t at = stack[depth - 1];
		if (s->first[at] + o->cursor[at] == s->first[at + 1]) {
			o->order[o->count++] = at;
			depth--;
			continue;
		}
		uint32_t p = s->parents[s->first[at] + o->cursor[at]++];
		if (p != HISTORY_NONE && o->seen[p] == 0) {
			o->seen[p] = 1;
			stack[depth++] = p;
		}
	}
}

enum assay_status
scope_order(const struct scope *s, struct arena *arena, const uint32_t **ret_order,
    uint32_t *ret_count, struct assay_error *err)
{
	size_t room = s->h->commit_count + (size_t)1;
	struct order o = { .s = s };
	o.cursor = arena_array(arena, room, sizeof *o.cursor);
	o.seen = arena_array(arena, room, 1);
	o.order = arena_array(arena, room, sizeof *o.order);
	if (o.cursor == NULL || o.seen == NULL || o.order == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		if ((s->commits[i] & SCOPE_IN) != 0 && o.seen[i] == 0)
			put_with_parents(&o, i);
	}
	*ret_order = o.order;
	*ret_count = o.count;
	return ASSAY_OK;
}
