/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The own engine. It is no program: it looks when the facts are judged, at the same bytes as whoever judges again, and what it reports
 * is recomputed.
 */
#include "code_build.h"

#include <base/cleanup.h>
#include <string.h>

/* The maker's own rules stand in files of their own. */
#define RULES_FOLDER "assay/rules/"

static enum assay_status
read_rules(const struct judge_context *c, const struct code_base *b, struct code_rules *rules, struct assay_error *err)
{
	const struct sources *s = &b->tree->sources;
	const struct source_file *file = sources_under(s, RULES_FOLDER);
	struct assay_error why = { 0 };
	code_rules_init(rules, c->arena);
	TRY(code_rules_add_shipped(rules, err));
	for (; file != NULL && file < s->files + s->count && strncmp(file->path, RULES_FOLDER, sizeof RULES_FOLDER - 1) == 0; file++) {
		/* One that can't be read is for rule.custom to tell; its rules report nothing. */
		if (file->has_bytes && code_rules_add(rules, file->bytes, file->path, &why) == ASSAY_E_MEMORY)
			return arena_full(err);
	}
	return code_rules_prove(rules, err);
}

enum assay_status
code_own_look(const struct judge_context *c, struct code_base *b, struct code_engine *e, struct assay_error *err)
{
	struct code_rules rules;
	TRY(read_rules(c, b, &rules, err));
	TRY(sca_own_shown(&rules, b->snippets, c->arena, &e->shown, err));
	for (size_t i = 0; i < b->file_count; i++) {
		struct code_file *f = &b->files[i];
		if (f->exclude == NULL && code_is_c(f->language) && f->file->has_bytes)
			TRY(sca_own_look(&rules, f->file->bytes, f->file->path, c->arena, &f->own, err));
	}
	return ASSAY_OK;
}
