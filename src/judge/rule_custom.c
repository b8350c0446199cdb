/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.custom: the maker's own rules hold in all of the code, and each rule was shown to tell bad code from good first.
 */
#include "own_rules.h"
#include "record.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <code/rules.h>
#include <sca/plan.h>
#include <sca/snippets.h>
#include <string.h>

/* Memory of one file's reading. */
#define FILE_MEMORY ((size_t)1 << 30)

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct sources *code;
	struct code_rules rules;
	struct plan plan;
	bool planned;
	const struct sca_snippets *snippets;
	uint64_t files, lines, branches, left_out, shown;
	struct assay_error *err;
};

static enum assay_status
find_in_file(const struct state *s, bool gap, const char *id, const char *path, unsigned line, const char *words)
{
	const struct judge_place place = { path, path, line, 0, words };
	return judge_find_at(s->c, s->v, gap, id, &place, s->err, "'%s' %s", path, words);
}

/* ---- the rules ---- */

static enum assay_status
tell_unread(void *ctx, const struct source_file *f, const struct assay_error *why)
{
	const struct state *s = ctx;
	const struct judge_place place = { f->path, f->path, why->line, why->column, NULL };
	if (!CATCH(own_rules_unread, true))
		return ASSAY_OK;
	return judge_find_at(s->c, s->v, false, "rules-unread", &place, s->err, "rules in '%s' can't be read: %s", f->path, why->what);
}

static enum assay_status
prove_rules(struct state *s)
{
	TRY(code_rules_prove(&s->rules, s->err));
	for (size_t i = 0; i < s->rules.count; i++) {
		const struct code_rule *r = &s->rules.items[i];
		const struct judge_place place = { r->id, r->file, r->line, 0, NULL };
		if (CATCH(own_rule_proves_nothing, r->fault != NULL))
			TRY(judge_find_at(s->c, s->v, true, "rule-proves-nothing", &place, s->err, "rule '%s' judges nothing: %s", r->id, r->fault));
	}
	return ASSAY_OK;
}

/* ---- the code ---- */

/*
 * A fault that a snippet is there for: it stands in bad code of a rule that the plan enforces by this very check, in a line that says
 * so. Whatever else lies in the folder of snippets is code like any other.
 */
static bool
is_shown(const struct state *s, const struct source_file *f, const struct code_report *r)
{
	const size_t folder = sizeof SCA_SNIPPET_FOLDER - 1;
	if (s->snippets == NULL || strncmp(f->path, SCA_SNIPPET_FOLDER, folder) != 0)
		return false;
	const struct sca_snippet *snippet = sca_snippet_find(s->snippets, f->path + folder);
	const struct plan_standard *standard = snippet == NULL || !snippet->bad ? NULL : plan_standard(&s->plan, snippet->standard);
	const struct plan_row *row = standard == NULL ? NULL : plan_row(standard, snippet->rule);
	for (size_t i = 0; row != NULL && i < row->check_count; i++) {
		if (strcmp(row->checks[i].engine, "assay") == 0 && strcmp(row->checks[i].name, r->rule->id) == 0)
			return sca_snippet_is_fault(snippet, r->line);
	}
	return false;
}

static enum assay_status
find_reports(struct state *s, const struct source_file *f, const struct code_reports *o)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct code_report *r = &o->items[i];
		const char *symbol = r->symbol == NULL ? NULL : arena_str(s->c->arena, r->symbol);
		const struct judge_place place = { r->rule->id, f->path, r->line, r->column, symbol };
		const bool shown = is_shown(s, f, r);
		s->shown += shown;
		if (CATCH(own_rule_broken, !shown))
			TRY(judge_find_at(s->c, s->v, true, "own-rule-broken", &place, s->err, "rule '%s': %s; %s", r->rule->id, r->message, r->rule->next));
	}
	return ASSAY_OK;
}

/* What the rules didn't see of a file is an open question of its own. */
static enum assay_status
find_unseen(const struct state *s, const struct source_file *f, const struct code_reports *o)
{
	const struct judge_place place = { f->path, f->path, 0, 0, NULL };
	if (CATCH(own_rules_unseen, code_unseen(o) > 0))
		TRY(judge_find_at(s->c, s->v, false, "code-unread", &place, s->err,
		    "of '%s' the rules didn't see all: %u pieces that could not be read, %u macros left as they are, %u bytes, literals or "
		    "brackets that make no sense", f->path, o->unread, o->unexpanded, o->unclear));
	if (CATCH(own_rules_foreign, o->foreign != NULL)) {
		const char *name = arena_str(s->c->arena, o->foreign);
		const struct judge_place at = { name, f->path, o->foreign_line, 0, NULL };
		if (name == NULL)
			return arena_full(s->err);
		TRY(judge_find_at(s->c, s->v, false, "foreign-include", &at, s->err,
		    "'%s' takes in '%s', which isn't code by its name: no rule looks at it", f->path, name));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_file(struct state *s, const struct source_file *f)
{
	struct code_reports o;
	struct assay_error why = { 0 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (s->planned && plan_excludes(&s->plan.analysis, f->path) != NULL) {
		s->left_out++;
		return ASSAY_OK;
	}
	if (CATCH(own_rules_code_gone, !f->has_bytes))
		return find_in_file(s, false, "code-not-there", f->path, 0, "is code, and its bytes are not there to be judged");
	TRY(arena_new(FILE_MEMORY, &arena));
	if (!f->has_bytes)
		return ASSAY_OK;
	/* A file over a cap is one that nobody looked at. */
	if (code_check(&s->rules, f->bytes, f->path, arena, &o, &why) != ASSAY_OK)
		return find_in_file(s, false, "code-not-there", f->path, 0, "is larger than what is read as code");
	s->files++;
	s->lines += o.lines;
	s->branches += o.branches;
	TRY(find_reports(s, f, &o));
	return find_unseen(s, f, &o);
}

static const struct judge_advice advice[] = {
	{ "own-rule-broken", "change the code, or have a deviation from the rule approved" },
	{ "rule-proves-nothing", "mend the pattern or its examples: see assay-rules(5)" },
	{ "rules-unread", "mend the file, at the place that is named: see assay-rules(5)" },
	{ "no-rules", "begin with five: no system, no strcpy, no mode 0777, no setuid, no secrets; write them as assay-rules(5) shows" },
	{ "foreign-include", "give the file an ending of C or C++, so that it is looked at" },
	{ "code-unread", "look at these places by hand, or write them so that they can be read" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_rule_custom(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct state s = { .c = c, .v = v, .code = &tree->sources, .err = err };
	/* Without a plan that can be read nothing is left out here. */
	TRY(record_plan(c, &s.plan, &s.planned, err));
	code_rules_init(&s.rules, c->arena);
	TRY(own_rules_read(c, tell_unread, &s, &s.rules, err));
	TRY(prove_rules(&s));
	if (s.planned)
		TRY(sca_snippets_load(&tree->sources, c->arena, &s.snippets, err));
	if (s.rules.count == 0) {
		if (v->finding_count == 0)
			TRY(judge_find(c, v, false, "no-rules", NULL, NULL, err, "there are no rules of your own in assay/rules/"));
		return judge_conclude(c, v, 0, "", advice, err);
	}
	/* Each rule was tried on its bad and good code just now, by whoever judges. */
	v->grade.depth = GRADE_DEMONSTRATED;
	for (size_t i = 0; i < s.code->count; i++) {
		const struct source_file *f = &s.code->files[i];
		enum code_language language;
		if ((f->mode & 0170000) == 0100000 && code_language_of(f->path, &language))
			TRY(judge_file(&s, f));
	}
	judge_count(v, "rules", s.rules.count);
	judge_count(v, "files", s.files);
	judge_count(v, "files left out by the plan", s.left_out);
	judge_count(v, "faults in snippets that are there to show them", s.shown);
	judge_count(v, "lines", s.lines);
	judge_count(v, "branches that no compiler takes", s.branches);
	return judge_conclude(c, v, s.files, "each rule tells its bad code from its good, and none is broken in the code", advice, err);
}
