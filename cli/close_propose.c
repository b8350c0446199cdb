/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a closure names besides its reason. The repository tells which commits changed the finding's file and its function since it was
 * first seen; whether one of them mended it, nobody can tell from that. So only what leaves no choice is proposed, with its ground.
 */
#include "close.h"
#include "revision.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <code/identity.h>
#include <codec/sources.h>
#include <evidence/reviewed.h>
#include <evidence/tree.h>
#include <string.h>

/* Commits whose trees are read to find the one that mended a finding. */
#define CHANGES_MAX 2000u
/* Commits whose versions of a file are read. */
#define VERSIONS_MAX 200u
#define NAMED_MAX 4u
#define SHORT 12
#define SUBJECT_MAX 60u
#define NAMES_LEN_MAX 4096u

struct commits {
	uint32_t *items;
	size_t count;
};

const char *
close_commit_name(const struct close_job *x, uint32_t commit)
{
	const struct history_commit *c = &x->h->commits[commit];
	char hex[2 * OID_MAX + 1];
	CLEANUP(buf_done) struct buf subject = BUF_INIT((size_t)16 * SUBJECT_MAX);
	size_t len = 0;
	while (len < c->message.len && len < SUBJECT_MAX && c->message.data[len] != '\n')
		len++;
	oid_hex(&c->id, x->h->algo, hex);
	text_escape(&subject, (struct assay_span){ c->message.data, len }, false);
	return arena_printf(x->w.arena, "%.*s (%s)", SHORT, hex, buf_str(&subject));
}

/* ---- the commit that mended it ---- */

/* What the commits changed, in the place of what the check knew of that. */
static enum assay_status
look_at(struct close_job *x, const struct commits *commits, struct assay_error *err)
{
	static const char *const kinds[] = { REVIEWED_KIND };
	const struct evidence_set *last = x->pack.input.evidence;
	struct oid *ids = arena_array(x->w.arena, commits->count + 1, sizeof *ids);
	struct evidence_set more = { NULL, 0 };
	x->evidence = (struct evidence_set){ arena_array(x->w.arena, last->count + 1, sizeof *last->items), last->count };
	if (ids == NULL || x->evidence.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < commits->count; i++)
		ids[i] = x->h->commits[commits->items[i]].id;
	const struct probe_context look = { .repository = x->w.repository, .arena = x->w.arena, .pool = x->w.pool, .changes = ids,
		.change_count = commits->count, .progress = cli_progress, .progress_ctx = x->cli };
	const struct parse_context parse = { .arena = x->w.arena, .pool = x->w.pool };
	TRY(probe_run(&look, kinds, 1, &more, err));
	cli_progress_end(x->cli);
	TRY(evidence_parse_all(&more, &parse, err));
	for (size_t i = 0; i < last->count; i++)
		x->evidence.items[i] = strcmp(last->items[i].kind, REVIEWED_KIND) == 0 ? more.items[0] : last->items[i];
	judge_closing_look(x->state, &x->evidence);
	return ASSAY_OK;
}

/* All that came since the finding was first seen, but merges: those bring what others did. */
static enum assay_status
list_since(const struct close_job *x, struct commits *ret_commits, struct assay_error *err)
{
	const struct history *h = x->h;
	unsigned char *before = arena_array(x->w.arena, (size_t)h->commit_count + 1, 1);
	const char *seen = x->entry->first_seen;
	struct oid id;
	*ret_commits = (struct commits){ arena_array(x->w.arena, CHANGES_MAX, sizeof(uint32_t)), 0 };
	if (before == NULL || ret_commits->items == NULL)
		return arena_full(err);
	if (seen != NULL && oid_parse(assay_span_str(seen), h->algo, &id) == ASSAY_OK && history_find_commit(h, &id) != HISTORY_NONE)
		TRY(revision_mark(h, history_find_commit(h, &id), x->w.arena, before, err));
	for (uint32_t i = 0; i < h->commit_count; i++) {
		if (before[i] != 0 || h->commits[i].parent_count != 1 || !judge_closing_is_past(x->state, i))
			continue;
		if (ret_commits->count == CHANGES_MAX) {
			(void)assay_fail(err, ASSAY_E_USAGE, "more than %u commits came since it was first seen", CHANGES_MAX);
			return assay_error_todo(err, ASSAY_E_USAGE, "name with --fix the one that mended it");
		}
		ret_commits->items[ret_commits->count++] = i;
	}
	return ASSAY_OK;
}

/* Whether a file's statements in the symbol are others than before. */
static enum assay_status
changes_symbol(struct close_job *x, const struct assay_span versions[2], bool *ret_changes, struct assay_error *err)
{
	struct code_statements s[2];
	enum code_language language = CODE_C;
	size_t at[2] = { 0, 0 };
	*ret_changes = true;
	if (versions[0].data == NULL || versions[1].data == NULL || !code_language_of(x->entry->path, &language))
		return ASSAY_OK;
	for (size_t i = 0; i < 2; i++) {
		struct code_tokens t;
		TRY(code_lex(versions[i], language, x->w.arena, &t, err));
		TRY(code_statements_of(&t, x->w.arena, &s[i], err));
	}
	for (;;) {
		for (size_t i = 0; i < 2; i++) {
			while (at[i] < s[i].count && strcmp(s[i].items[at[i]].symbol, x->entry->symbol) != 0)
				at[i]++;
		}
		const bool ends[] = { at[0] == s[0].count, at[1] == s[1].count };
		*ret_changes = ends[0] != ends[1]
		    || (!ends[0] && memcmp(s[0].items[at[0]].window, s[1].items[at[1]].window, sizeof s[0].items[0].window) != 0);
		if (*ret_changes || ends[0])
			return ASSAY_OK;
		at[0]++;
		at[1]++;
	}
}

/* Leaves those that change the finding's function, where it has one and any does. */
static enum assay_status
narrow(struct close_job *x, struct commits *commits, bool *ret_narrowed, struct assay_error *err)
{
	const struct reviewed *trees = evidence_facts(&x->evidence, REVIEWED_KIND);
	struct oid *ids = arena_array(x->w.arena, 2 * commits->count + 1, sizeof *ids);
	struct assay_span *bytes = arena_array(x->w.arena, 2 * commits->count + 1, sizeof *bytes);
	bool *touch = arena_array(x->w.arena, commits->count + 1, sizeof *touch);
	size_t left = 0;
	*ret_narrowed = false;
	if (ids == NULL || bytes == NULL || touch == NULL)
		return arena_full(err);
	if (x->entry->symbol[0] == '\0' || commits->count < 2 || commits->count > VERSIONS_MAX || trees == NULL)
		return ASSAY_OK;
	for (size_t i = 0; i < 2 * commits->count; i++) {
		const struct history_commit *c = &x->h->commits[commits->items[i / 2]];
		struct git_tree_entry e;
		if (reviewed_find(trees, i % 2 == 0 ? &x->h->commits[c->parents[0]].tree : &c->tree, x->entry->path, &e) == REVIEWED_THERE)
			ids[i] = e.id;
	}
	TRY(workspace_blobs(&x->w, ids, 2 * commits->count, bytes, err));
	for (size_t i = 0; i < commits->count; i++) {
		TRY(changes_symbol(x, bytes + 2 * i, &touch[i], err));
		left += touch[i];
	}
	if (left == 0)
		return ASSAY_OK;
	*ret_narrowed = true;
	for (size_t i = 0, to = 0; i < commits->count; i++) {
		if (touch[i])
			commits->items[to++] = commits->items[i];
	}
	commits->count = left;
	return ASSAY_OK;
}

/* "'take' in 'main.c'", or the file alone. */
static const char *
place_name(const struct close_job *x, bool function)
{
	return function ? arena_printf(x->w.arena, "'%s' in '%s'", x->entry->symbol, x->entry->path)
			: arena_printf(x->w.arena, "'%s'", x->entry->path);
}

static enum assay_status
refuse_many(const struct close_job *x, const struct commits *commits, const char *place, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(NAMES_LEN_MAX);
	for (size_t i = 0; i < commits->count && i < NAMED_MAX; i++) {
		const char *name = close_commit_name(x, commits->items[i]);
		buf_addf(&names, "%s%s", i == 0 ? "" : ", ", name == NULL ? "" : name);
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "%zu commits since it was first seen change %s, and which of them mended it nobody can tell from that",
	    commits->count, place);
	return assay_error_todo(err, ASSAY_E_USAGE, "name it with --fix: %s%s", buf_str(&names), commits->count > NAMED_MAX ? ", ..." : "");
}

/* It takes the file away, and puts it elsewhere as it is. */
static bool
only_moves(const struct close_job *x, uint32_t commit)
{
	const struct reviewed *trees = evidence_facts(&x->evidence, REVIEWED_KIND);
	const struct history_commit *c = &x->h->commits[commit];
	struct git_tree_entry now, then;
	return trees != NULL && reviewed_find(trees, &c->tree, x->entry->path, &now) == REVIEWED_ABSENT
	    && reviewed_find(trees, &x->h->commits[c->parents[0]].tree, x->entry->path, &then) == REVIEWED_THERE
	    && reviewed_holds(trees, &c->tree, "", &then.id) == REVIEWED_THERE;
}

static enum assay_status
find_fix(struct close_job *x, struct assay_error *err)
{
	struct commits commits;
	bool narrowed = false;
	size_t left = 0;
	TRY(list_since(x, &commits, err));
	TRY(look_at(x, &commits, err));
	for (size_t i = 0; i < commits.count; i++) {
		if (judge_closing_changes(x->state, commits.items[i], x->entry->path) && !only_moves(x, commits.items[i]))
			commits.items[left++] = commits.items[i];
	}
	commits.count = left;
	TRY(narrow(x, &commits, &narrowed, err));
	const char *place = place_name(x, narrowed);
	if (place == NULL)
		return arena_full(err);
	if (commits.count == 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "no commit since it was first seen changes %s", place);
		return assay_error_todo(err, ASSAY_E_USAGE, "if it was renamed, correct its path in " REGISTER_PATH "; or name with --fix what mended it");
	}
	if (commits.count > 1)
		return refuse_many(x, &commits, place, err);
	x->fix = commits.items[0];
	x->fix_found = arena_printf(x->w.arena, "the only commit since it was first seen that changes %s", place);
	return x->fix_found == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
choose_fix(struct close_job *x, struct assay_error *err)
{
	char hex[2 * OID_MAX + 1];
	if (x->cli->fix == NULL) {
		TRY(find_fix(x, err));
	} else {
		const struct commits one = { &x->fix, 1 };
		TRY(revision_find(x->h, x->cli->fix, &x->fix, err));
		TRY(look_at(x, &one, err));
	}
	oid_hex(&x->h->commits[x->fix].id, x->h->algo, hex);
	x->k.fix_commit = arena_str(x->w.arena, hex);
	return x->k.fix_commit == NULL ? arena_full(err) : ASSAY_OK;
}

/* ---- who verified it, and the test ---- */

/* Names that may be meant, and the last of them. */
struct choice {
	struct buf names;
	size_t count;
	const char *last;
};

static void
choice_done(struct choice *c)
{
	buf_done(&c->names);
}

static void
add_choice(struct choice *c, const char *name)
{
	if (c->count < NAMED_MAX)
		buf_addf(&c->names, "%s%s", c->count == 0 ? "" : ", ", name);
	c->count++;
	c->last = name;
}

static enum assay_status
refuse_choice(const struct choice *c, const char *what, const char *option, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "%s: %s", what, c->count == 0 ? "nothing here tells" : "there is more than one that can be meant");
	return assay_error_todo(err, ASSAY_E_USAGE, "name it with --%s%s%s%s", option, c->count == 0 ? "" : ": ", buf_str(&c->names),
	    c->count > NAMED_MAX ? ", ..." : "");
}

static enum assay_status
choose_verifier(struct close_job *x, struct assay_error *err)
{
	CLEANUP(choice_done) struct choice c = { .names = BUF_INIT(NAMES_LEN_MAX) };
	const char *role = judge_closing_policy(x->state)->exception_role;
	const struct roster *r = judge_closing_roster(x->state);
	x->k.verifier = x->cli->verifier;
	if (x->k.verifier != NULL)
		return ASSAY_OK;
	for (size_t i = 0; role != NULL && i < r->count; i++) {
		const struct roster_entry *who = &r->entries[i];
		if (who->kind == ROSTER_PERSON && roster_has_role(who, role) && !judge_closing_wrote(x->state, who, x->fix))
			add_choice(&c, who->id);
	}
	if (c.count != 1)
		return refuse_choice(&c, "who verified the fix", "verifier", err);
	x->k.verifier = c.last;
	x->verifier_found = arena_printf(x->w.arena, "the only one in the role '%s' who didn't write that commit", role);
	return x->verifier_found == NULL ? arena_full(err) : ASSAY_OK;
}

/* A file of HEAD that is another one behind the commit than before it, or came with it. */
static bool
came_with_fix(const struct close_job *x, const struct reviewed *trees, const char *path)
{
	const struct history_commit *c = &x->h->commits[x->fix];
	struct git_tree_entry now, then;
	if (c->parent_count == 0 || c->parents[0] == HISTORY_NONE || reviewed_find(trees, &c->tree, path, &now) != REVIEWED_THERE)
		return false;
	const enum reviewed_found before = reviewed_find(trees, &x->h->commits[c->parents[0]].tree, path, &then);
	return before == REVIEWED_ABSENT || (before == REVIEWED_THERE && oid_compare(&now.id, &then.id) != 0);
}

static enum assay_status
choose_test(struct close_job *x, struct assay_error *err)
{
	CLEANUP(choice_done) struct choice c = { .names = BUF_INIT(NAMES_LEN_MAX) };
	const struct tree *t = evidence_facts(&x->evidence, TREE_KIND);
	const struct reviewed *trees = evidence_facts(&x->evidence, REVIEWED_KIND);
	x->k.test = x->cli->test;
	if (x->k.test != NULL)
		return ASSAY_OK;
	for (size_t i = 0; t != NULL && trees != NULL && i < t->sources.count; i++) {
		const struct source_file *f = &t->sources.files[i];
		if (sources_is_file(f) && strstr(f->path, "test") != NULL && strncmp(f->path, "assay/", 6) != 0
		    && strcmp(f->path, x->entry->path) != 0 && came_with_fix(x, trees, f->path))
			add_choice(&c, f->path);
	}
	if (c.count != 1)
		return refuse_choice(&c, "the test that fails when the fault comes back", "test", err);
	x->k.test = c.last;
	x->test_found = "the only file of tests that came with that commit";
	return ASSAY_OK;
}

enum assay_status
close_propose(struct close_job *x, struct assay_error *err)
{
	TRY(choose_fix(x, err));
	TRY(choose_verifier(x, err));
	return choose_test(x, err);
}
