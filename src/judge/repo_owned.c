/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repo.owned: whatever a small change could turn the product by has an owner. That the forge waits for the owner's review, no
 * clone shows.
 */
#include "owners.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* What must have an owner, in every repository: patterns over whole paths, or over a file's name alone. */
static const struct {
	const char *what, *pattern;
	bool by_name;
} demanded[] = {
	{ "pipeline", ".github/workflows/**", false }, { "pipeline", ".github/actions/**", false },
	{ "pipeline", ".gitlab/**", false }, { "pipeline", ".circleci/**", false },
	{ "pipeline", ".gitlab-ci.yml", true }, { "pipeline", "*.gitlab-ci.yml", true },
	{ "pipeline", "action.yml", true }, { "pipeline", "action.yaml", true },
	{ "pipeline", "Jenkinsfile", true }, { "pipeline", "azure-pipelines.yml", true },
	{ "pipeline", "bitbucket-pipelines.yml", true },
	{ "build", "CMakeLists.txt", true }, { "build", "CMakePresets.json", true }, { "build", "*.cmake", true },
	{ "build", "Makefile", true }, { "build", "makefile", true }, { "build", "GNUmakefile", true },
	{ "build", "*.mk", true }, { "build", "meson.build", true }, { "build", "meson_options.txt", true },
	{ "build", "meson.options", true }, { "build", "configure.ac", true }, { "build", "Dockerfile", true },
	{ "build", "Dockerfile.*", true }, { "build", "*.Dockerfile", true }, { "build", "package.json", true },
	{ "build", "package-lock.json", true }, { "build", "pyproject.toml", true }, { "build", "setup.py", true },
	{ "build", "requirements*.txt", true }, { "build", "conanfile.*", true }, { "build", "vcpkg.json", true },
	{ "build", "*.wrap", true }, { "build", ".gitmodules", true }, { "build", "scripts/**", false },
	{ "policy", "assay/**", false },
	{ "key", "allowed_signers", true }, { "key", "*.pub", true }, { "key", "*.asc", true },
	{ "key", "*.gpg", true }, { "key", "*.pem", true }, { "key", "*.crt", true },
	{ "owners", "CODEOWNERS", true },
};

/* A file that isn't there yet: who owns only what exists leaves the next one to anybody. */
static const struct {
	const char *folder, *path;
} to_come[] = {
	{ ".github/workflows/", ".github/workflows/any-new-workflow.yml" },
	{ "assay/", "assay/any-new-record.yaml" },
};

/* Owners that are looked up once, and most times that a line is held against a path. */
#define NAMED_MAX 1000
#define MATCHES_MAX 50000000u

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct sources *sources;
	const struct owners_of_tree *now; /* the file at hand */
	const char **named;               /* owners that were looked up already */
	size_t named_count;
	bool *seen;                       /* of each line of the file at hand: its owners were looked up */
	uint64_t paths, matches;
	struct assay_error *err;
};

/* NULL: nothing that must have an owner. */
static const char *
demand(const struct state *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct assay_span whole = assay_span_str(path);
	const struct assay_span name = assay_span_str(slash != NULL ? slash + 1 : path);
	const struct yaml_strings *more = &s->c->input->policy->owned_paths;
	for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++) {
		if (text_match(assay_span_str(demanded[i].pattern), demanded[i].by_name ? name : whole))
			return demanded[i].what;
	}
	for (size_t i = 0; i < more->count; i++) {
		if (text_match(assay_span_str(more->items[i]), whole))
			return "security-relevant";
	}
	return NULL;
}

/* ---- owners ---- */

static enum assay_status
look_up(struct state *s, const struct owners_rule *rule, const char *owner)
{
	struct judge_place place = { owner, s->now->path, rule->line, 1, NULL };
	for (size_t i = 0; i < s->named_count; i++) {
		if (strcmp(s->named[i], owner) == 0)
			return ASSAY_OK;
	}
	if (s->named_count < NAMED_MAX)
		s->named[s->named_count++] = owner;
	if (CATCH(owned_by_group, owners_is_group(owner)))
		return judge_find_at(s->c, s->v, false, "owner-is-a-group", &place, s->err,
		    "who is in '%s' is not seen in a clone", owner);
	if (owners_person(s->c, owner) != NULL)
		return ASSAY_OK;
	if (CATCH(owned_by_stranger, owner[0] != '@'))
		return judge_find_at(s->c, s->v, true, "owner-not-on-roster", &place, s->err,
		    "the owner '%s' is nobody of the roster", owner);
	if (CATCH(owned_by_handle, owner[0] == '@'))
		return judge_find_at(s->c, s->v, false, "owner-unresolved", &place, s->err,
		    "whose account '%s' is can't be told: no id or principal of the roster is that name", owner);
	return ASSAY_OK;
}

static enum assay_status
judge_rule(struct state *s, const struct owners_rule *rule)
{
	if (s->seen[rule->index])
		return ASSAY_OK;
	s->seen[rule->index] = true;
	for (size_t i = 0; i < rule->owners.count; i++)
		TRY(look_up(s, rule, rule->owners.items[i]));
	return ASSAY_OK;
}

/* ---- paths ---- */

/* What the sections say of one path. */
struct answer {
	const struct owners_rule *owned;    /* by a section that demands review */
	const struct owners_rule *optional; /* by one that only asks */
	const struct owners_rule *unset;    /* the last line that matches names nobody */
};

static enum assay_status
ask(struct state *s, const char *path, struct answer *ret)
{
	const struct owners_file *f = &s->now->file;
	for (size_t i = 0; i < f->section_count; i++) {
		const struct owners_rule *rule = owners_decides(f, i, path);
		if (rule == NULL)
			continue;
		if (rule->owners.count == 0)
			ret->unset = rule;
		else if (f->sections[i].optional)
			ret->optional = rule;
		else
			ret->owned = rule;
		TRY(judge_rule(s, rule));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_path(struct state *s, const char *what, const char *path)
{
	struct answer a = { 0 };
	const char *forge = owners_dialect_name(s->now->file.dialect);
	s->paths++;
	s->matches += s->now->file.rule_count * (uint64_t)s->now->file.section_count;
	if (s->matches > MATCHES_MAX)
		return judge_find(s->c, s->v, false, "owners-too-many", NULL, NULL, s->err,
		    "too many paths and lines to hold against each other");
	TRY(ask(s, path, &a));
	if (a.owned != NULL)
		return ASSAY_OK;
	const unsigned line = a.optional != NULL ? a.optional->line : a.unset != NULL ? a.unset->line : 0;
	struct judge_place place = { path, s->now->path, line, line > 0, forge };
	if (CATCH(owned_optionally, a.optional != NULL))
		return judge_find_at(s->c, s->v, true, "owner-optional", &place, s->err,
		    "'%s' (%s) has owners in an optional section alone, so that %s waits for none of them", path, what, forge);
	if (CATCH(owned_no_more, a.optional == NULL && a.unset != NULL))
		return judge_find_at(s->c, s->v, true, "owner-unset", &place, s->err,
		    "'%s' (%s) loses its owner by this line, the last that matches on %s", path, what, forge);
	if (CATCH(owned_by_nobody, a.optional == NULL && a.unset == NULL))
		return judge_find_at(s->c, s->v, true, "path-unowned", &place, s->err, "'%s' (%s) has no owner on %s", path,
		    what, forge);
	return ASSAY_OK;
}

static enum assay_status
judge_paths(struct state *s)
{
	for (size_t i = 0; i < s->sources->count; i++) {
		const char *what = demand(s, s->sources->files[i].path);
		if (what != NULL)
			TRY(judge_path(s, what, s->sources->files[i].path));
	}
	for (size_t i = 0; i < sizeof to_come / sizeof to_come[0]; i++) {
		if (CATCH(owned_to_come, sources_under(s->sources, to_come[i].folder) != NULL))
			TRY(judge_path(s, "a file to come", to_come[i].path));
	}
	return ASSAY_OK;
}

/* ---- the file ---- */

static enum assay_status
judge_problems(const struct state *s)
{
	const struct owners_file *f = &s->now->file;
	for (size_t i = 0; i < f->problem_count; i++) {
		const struct owners_problem *p = &f->problems[i];
		struct judge_place place = { NULL, s->now->path, p->line, 1, p->what };
		if (CATCH(owners_line_unread, p->unread))
			TRY(judge_find_at(s->c, s->v, false, "owners-line-unread", &place, s->err, "line %u of '%s': %s", p->line,
			    s->now->path, p->what));
		if (CATCH(owners_line_invalid, !p->unread))
			TRY(judge_find_at(s->c, s->v, true, "owners-line-invalid", &place, s->err, "line %u of '%s': %s", p->line,
			    s->now->path, p->what));
	}
	return ASSAY_OK;
}

/* A pattern of the policy that matches nothing watches over nothing. */
static enum assay_status
judge_patterns(const struct state *s)
{
	const struct yaml_strings *more = &s->c->input->policy->owned_paths;
	for (size_t i = 0; i < more->count; i++) {
		bool found = false;
		for (size_t k = 0; k < s->sources->count && !found; k++)
			found = text_match(assay_span_str(more->items[i]), assay_span_str(s->sources->files[k].path));
		if (CATCH(owned_pattern_empty, !found))
			TRY(judge_find(s->c, s->v, false, "owned-path-not-there", more->items[i], NULL, s->err,
			    "the policy wants an owner for '%s', and no file is there", more->items[i]));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-owners-file", "write a CODEOWNERS; or name the forge that is used in assay/policy.yaml: owners: {forges: [gitlab]}" },
	{ "owners-too-many", "own whole folders, and name fewer patterns in assay/policy.yaml" },
	{ "owners-unread", "make it a plain file that a forge reads" },
	{ "owners-file-ignored", "make it smaller than three mebibytes" },
	{ "path-unowned", "add a line for it to CODEOWNERS, as in '/.github/ @somebody'; the last line that matches counts" },
	{ "owner-unset", "name an owner in that line, or move it before those that do" },
	{ "owner-optional", "take the '^' away before the section, or own the path in another one" },
	{ "owners-line-invalid", "correct the line: the forge passes over it without a word" },
	{ "owners-line-unread", "write the pattern with '*' and '**' alone" },
	{ "owner-not-on-roster", "name a person of assay/roster.yaml, or enter the address there" },
	{ "owner-unresolved", "give the person that name as id in assay/roster.yaml, or own by address" },
	{ "owner-is-a-group", "own by persons, or lay the group's members beside the roster" },
	{ "owned-path-not-there", "correct the pattern under owners: paths: in assay/policy.yaml" },
	{ "owners-review-unseen", "see on the forge that owners' review is required on every release branch: a clone doesn't show it" },
	{ NULL, "see assay-policy(5)" },
};

static enum assay_status
say_unseen(const struct state *s)
{
	if (CATCH(owners_review_unseen, true))
		return judge_find(s->c, s->v, false, "owners-review-unseen", NULL, s->now->path, s->err,
		    "whether %s waits for the owners' review is a setting that a clone doesn't show",
		    owners_dialect_name(s->now->file.dialect));
	return ASSAY_OK;
}

enum assay_status
judge_repo_owned(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	struct state s = { .c = c, .v = v, .sources = &tree->sources, .err = err };
	struct owners_of_tree files[OWNERS_FILES];
	size_t count = 0;
	s.named = arena_array(c->arena, NAMED_MAX, sizeof(char *));
	s.seen = arena_array(c->arena, OWNERS_RULES_MAX, sizeof(bool));
	if (s.named == NULL || s.seen == NULL)
		return arena_full(err);
	TRY(owners_read(c, v, files, &count, err));
	TRY(judge_patterns(&s));
	for (size_t i = 0; i < count && i < OWNERS_FILES; i++) {
		s.now = &files[i];
		s.named_count = 0;
		memset(s.seen, 0, OWNERS_RULES_MAX * sizeof(bool));
		TRY(judge_problems(&s));
		TRY(judge_paths(&s));
		TRY(say_unseen(&s));
	}
	judge_count(v, "owners files", count);
	judge_count(v, "paths that must have an owner", s.paths);
	return judge_conclude(c, v, s.paths, "whatever must have an owner has one, and the forge waits for them", advice, err);
}
