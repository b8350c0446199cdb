/* SPDX-License-Identifier: Apache-2.0 */
#include "findings.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/account.h>
#include <string.h>

const bool *
findings_ancestors(const struct history *h, struct arena *arena)
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

static enum assay_status
build(const struct judge_context *c, const struct code_base *code, const struct findings_base **ret_base, struct assay_error *err)
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
	TRY(code_seen(c, b->code, &seen, &count, err));
	TRY(sca_merge(seen, count, c->arena, &merged, err));
	TRY(findings_read_registers(c, b, err));
	TRY(findings_read_closures(c, b, err));
	TRY(findings_now(c, b, &merged, &now, err));
	b->complete = now.complete;
	TRY(sca_states(&merged, &b->known, b->closed, b->closed_count, &now, c->arena, &b->found, err));
	for (size_t i = merged.count; i < b->found.count; i++)
		keep_severity(code, &b->found.items[i]);
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
		TRY(build(c, code, c->found, err));
		*c->findings = &(*c->found)->found;
	}
	*ret_base = *c->found;
	return ASSAY_OK;
}
