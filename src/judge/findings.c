/* SPDX-License-Identifier: Apache-2.0 */
#include "findings.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/account.h>
#include <stdlib.h>
#include <string.h>

/* NULL: the arena is full. */
static const bool *
find_ancestors(const struct history *h, struct arena *arena)
{
	bool *seen = arena_array(arena, (size_t)h->commit_count + 1, sizeof *seen);
	uint32_t *stack = arena_array(arena, (size_t)h->commit_count + 1, sizeof *stack);
	uint32_t depth = 0;
	const uint32_t head = h->has_head ? history_find_commit(h, &h->head_id) : HISTORY_NONE;
	if (seen == NULL || stack == NULL || head == HISTORY_NONE)
		return seen;
	seen[head] = true;
	stack[depth++] = head;
	while (depth > 0) {
		const struct history_commit *commit = &h->commits[stack[--depth]];
		for (uint32_t i = 0; i < commit->parent_count; i++) {
			const uint32_t parent = commit->parents[i];
			if (parent == HISTORY_NONE || seen[parent])
				continue;
			seen[parent] = true;
			stack[depth++] = parent;
		}
	}
	return seen;
}

bool
findings_matters(const struct findings_base *b, const struct sca_finding *f)
{
	return f->severity == SEVERITY_NOT_GIVEN || f->severity >= b->code->plan.analysis.threshold;
}

static int
compare_identities(const void *a, const void *b)
{
	return strcmp((*(const struct sca_finding *const *)a)->identity, (*(const struct sca_finding *const *)b)->identity);
}

static enum assay_status
sort_by_identity(struct findings_base *b, struct arena *arena, struct assay_error *err)
{
	b->by_identity = arena_array(arena, b->found.count + 1, sizeof(const struct sca_finding *));
	if (b->by_identity == NULL)
		return arena_full(err);
	for (size_t i = 0; i < b->found.count; i++)
		b->by_identity[i] = &b->found.items[i];
	qsort(b->by_identity, b->found.count, sizeof(const struct sca_finding *), compare_identities);
	return ASSAY_OK;
}

const struct sca_finding *
findings_named(const struct findings_base *b, const char *identity)
{
	struct sca_finding wanted = { .line = 0 };
	const struct sca_finding *key = &wanted;
	memcpy(wanted.identity, identity, SCA_IDENTITY_SIZE);
	const struct sca_finding **one = bsearch(&key, b->by_identity, b->found.count, sizeof(const struct sca_finding *), compare_identities);
	return one == NULL ? NULL : *one;
}

enum assay_status
findings_tell_unread(const struct judge_context *c, struct control_verdict *v, const struct findings_base *b, struct assay_error *err)
{
	for (size_t i = 0; i < b->unread_count; i++) {
		const struct findings_unread *u = &b->unread[i];
		const struct judge_place place = { u->path, u->path, u->line, u->column, NULL };
		if (CATCH(finding_record_malformed, true))
			TRY(judge_find_at(c, v, false, "record-malformed", &place, err, "'%s' can't be read: %s", u->path, u->why));
	}
	return ASSAY_OK;
}

const char *
findings_title(const struct judge_context *c, const struct sca_finding *f)
{
	return f->symbol[0] == '\0' ? arena_str(c->arena, f->rule) : arena_printf(c->arena, "%s in '%s'", f->rule, f->symbol);
}

enum assay_status
findings_unreadable(const struct judge_context *c, struct findings_base *b, const char *path, const struct assay_error *why,
    struct assay_error *err)
{
	if (why->status == ASSAY_E_MEMORY || why->status == ASSAY_E_INTERNAL) {
		*err = *why;
		return why->status;
	}
	struct findings_unread *u = &b->unread[b->unread_count++];
	*u = (struct findings_unread){ path, arena_printf(c->arena, "%s%s%s", why->what, why->todo[0] != '\0' ? "; " : "", why->todo),
		why->line, why->column };
	return u->why == NULL ? arena_full(err) : ASSAY_OK;
}

/*
 * Of what isn't reported any more the register says how severe it was, and whoever writes there may say less. Its rule is as severe as ever.
 */
static void
keep_severity(const struct code_base *code, struct sca_finding *f)
{
	struct account_rule rule;
	account_find(&code->plan, code->standards, f->rule, &rule);
	const enum standard_severity least = rule.facts != NULL ? rule.facts->severity : rule.row != NULL ? rule.row->severity : SEVERITY_NOT_GIVEN;
	if (CATCH(severity_lowered, f->severity != SEVERITY_NOT_GIVEN && f->severity < least))
		f->severity = least;
}

/* As if those had signed it who have to. */
static enum assay_status
propose(const struct judge_context *c, struct findings_base *b, const struct sca_closure *k, struct findings_doubt *ret_doubt,
    struct assay_error *err)
{
	TRY(findings_doubt_closure(c, b, k, ret_doubt, err));
	b->closed[b->closed_count++] = (struct sca_closed){ .c = *k, .path = CLOSURE_FOLDER, .why = ret_doubt->why };
	return ASSAY_OK;
}

enum assay_status
findings_build(const struct judge_context *c, const struct code_base *code, const struct findings_proposal *proposal,
    struct findings_doubt *ret_doubt, const struct findings_base **ret_base, struct assay_error *err)
{
	struct findings_base *b = arena_alloc(c->arena, sizeof *b);
	struct sca_seen *seen;
	size_t count;
	struct sca_findings merged;
	struct sca_now now;
	if (b == NULL)
		return arena_full(err);
	b->code = code;
	b->unread = arena_array(c->arena, CLOSURES_MAX + 2, sizeof *b->unread);
	if (b->unread == NULL)
		return arena_full(err);
	b->h = evidence_facts(c->input->evidence, HISTORY_KIND);
	b->ancestors = b->h == NULL ? NULL : find_ancestors(b->h, c->arena);
	if (b->h != NULL && b->ancestors == NULL)
		return arena_full(err);
	TRY(code_seen(c, b->code, &seen, &count, err));
	TRY(sca_merge(seen, count, c->arena, &merged, err));
	TRY(findings_read_registers(c, b, proposal == NULL ? NULL : proposal->known, err));
	TRY(findings_read_closures(c, b, err));
	if (proposal != NULL)
		TRY(propose(c, b, proposal->closure, ret_doubt, err));
	TRY(findings_now(c, b, &merged, &now, err));
	b->complete = now.complete;
	TRY(sca_states(&merged, &b->known, b->closed, b->closed_count, &now, c->arena, &b->found, err));
	for (size_t i = merged.count; i < b->found.count; i++)
		keep_severity(code, &b->found.items[i]);
	TRY(sort_by_identity(b, c->arena, err));
	*ret_base = b;
	return ASSAY_OK;
}

enum assay_status
findings_read(const struct judge_context *c, struct control_verdict *v, const struct findings_base **ret_base,
    struct assay_error *err)
{
	const struct code_base *code;
	*ret_base = NULL;
	TRY(code_base_read(c, v, &code, err));
	if (code == NULL)
		return ASSAY_OK;
	if (*c->found == NULL) {
		TRY(findings_build(c, code, NULL, NULL, c->found, err));
		*c->findings = &(*c->found)->found;
	}
	*ret_base = *c->found;
	return ASSAY_OK;
}
