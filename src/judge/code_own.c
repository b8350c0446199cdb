/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The own engine. It is no program: it looks when the facts are judged, at the same bytes as whoever judges again, and what it reports
 * is recomputed.
 */
#include "code_build.h"
#include "own_rules.h"

#include <base/cleanup.h>
#include <string.h>

/* The first check of the plan that is no rule, or a rule that doesn't tell its own bad code from its good: that reports nothing. */
static const char *
blind_check(const struct code_base *b, const struct code_rules *rules)
{
	for (size_t i = 0; i < b->check_count; i++) {
		const char *check = b->checks[i];
		if (strncmp(check, SCA_OWN "/", sizeof SCA_OWN) != 0)
			continue;
		const struct code_rule *rule = code_rule_find(rules, check + sizeof SCA_OWN);
		if (rule == NULL || rule->fault != NULL)
			return check;
	}
	return NULL;
}

enum assay_status
code_own_look(const struct judge_context *c, struct code_base *b, struct code_engine *e, struct assay_error *err)
{
	struct code_rules rules;
	code_rules_init(&rules, c->arena);
	TRY(code_rules_add_shipped(&rules, err));
	/* A file that can't be read is for rule.custom to tell; its rules report nothing. */
	TRY(own_rules_read(c, NULL, NULL, &rules, err));
	TRY(code_rules_prove(&rules, err));
	e->blind = blind_check(b, &rules);
	TRY(sca_own_shown(&rules, b->snippets, c->arena, &e->shown, err));
	for (size_t i = 0; i < b->file_count; i++) {
		struct code_file *f = &b->files[i];
		if (f->exclude == NULL && code_is_c(f->language) && f->file->has_bytes)
			TRY(sca_own_look(&rules, f->file->bytes, f->file->path, c->arena, &f->own, err));
	}
	return ASSAY_OK;
}
