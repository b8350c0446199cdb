/* SPDX-License-Identifier: Apache-2.0 */
#include "merges.h"

#include <base/catch.h>
#include <base/cleanup.h>

enum assay_status
merges_new(const struct judge_context *c, const struct history *h, const struct scope *scope,
    struct merges *ret_merges, struct assay_error *err)
{
	struct merges m = { .h = h, .scope = scope };
	const uint32_t *order = NULL;
	uint32_t count = 0;
	m.height = arena_array(c->arena, (size_t)h->commit_count + 1, sizeof m.height[0]);
	m.seen = arena_array(c->arena, (size_t)h->commit_count + 1, sizeof m.seen[0]);
	if (m.height == NULL || m.seen == NULL)
		return arena_full(err);
	TRY(scope_order(scope, c->arena, &order, &count, err));
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t commit = order[i];
		for (uint32_t k = scope->first[commit]; k < scope->first[commit + 1]; k++) {
			const uint32_t parent = scope->parents[k];
			if (parent != HISTORY_NONE && m.height[parent] >= m.height[commit])
				m.height[commit] = m.height[parent] + 1;
		}
	}
	*ret_merges = m;
	return ASSAY_OK;
}

/* Whether commit is from or one of its ancestors. Only what is higher than commit can lead to it. */
static bool
descends(struct merges *m, uint32_t from, uint32_t commit)
{
	uint32_t *stack = m->scope->stack, depth = 0;
	if (from == commit)
		return true;
	m->walks++;
	m->seen[from] = m->walks;
	stack[depth++] = from;
	while (depth > 0) {
		const uint32_t at = stack[--depth];
		if (++m->steps > MERGES_STEPS_MAX)
			return true;
		for (uint32_t k = m->scope->first[at]; k < m->scope->first[at + 1]; k++) {
			const uint32_t parent = m->scope->parents[k];
			if (parent == commit)
				return true;
			if (parent == HISTORY_NONE || m->seen[parent] == m->walks || m->height[parent] <= m->height[commit])
				continue;
			m->seen[parent] = m->walks;
			stack[depth++] = parent;
		}
	}
	return false;
}

bool
merges_joins(struct merges *m, uint32_t commit)
{
	const struct history_commit *c = &m->h->commits[commit];
	for (uint32_t i = 1; i < c->parent_count; i++) {
		if (c->parents[i] == HISTORY_NONE || c->parents[0] == HISTORY_NONE)
			return true;
		const bool brings_nothing = descends(m, c->parents[0], c->parents[i]);
		if (!CATCH(merge_of_nothing, brings_nothing))
			return true;
	}
	return false;
}
