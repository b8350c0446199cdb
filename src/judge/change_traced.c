/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.traced, as far as a clone shows it: each change on a release branch names the request that it was made for.
 */
#include "change_message.h"
#include "merges.h"
#include "rows.h"
#include "scope.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

/* Work on all messages together: with the patterns that people write it is never reached. */
#define STEPS_MAX ((uint64_t)4 << 30)

#define SEEN_MAINLINE 1u
#define SEEN_BROUGHT 2u

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct history *h;
	struct scope *scope;
	struct merges merges;
	struct change_reader reader;
	unsigned char *seen;  /* of each commit: SEEN_ flags */
	uint32_t *mainline;   /* commits of one branch, newest first */
	uint32_t *brought;    /* commits that one merge brings */
	unsigned char *released; /* of each commit: a tag leads to it */
	uint64_t changes, merged, reverts, exempt, in_release;
	struct assay_error *err;
};

static bool
is_exempt(const struct state *s, uint32_t commit)
{
	return (s->scope->commits[commit] & SCOPE_EXEMPT) != 0;
}

/* ---- one change ---- */

static bool
names_request(struct state *s, uint32_t commit, bool merges)
{
	return change_names(&s->reader, s->h->commits[commit].message, merges);
}

/* What a merge brings that came in by no merge before: fills s->brought. */
static uint32_t
bring(struct state *s, uint32_t merge)
{
	const struct history_commit *c = &s->h->commits[merge];
	uint32_t count = 0;
	for (uint32_t i = 1; i < c->parent_count; i++) {
		if (c->parents[i] != HISTORY_NONE && s->seen[c->parents[i]] == 0 && !is_exempt(s, c->parents[i])) {
			s->seen[c->parents[i]] |= SEEN_BROUGHT;
			s->brought[count++] = c->parents[i];
		}
	}
	for (uint32_t at = 0; at < count; at++) {
		const struct history_commit *b = &s->h->commits[s->brought[at]];
		for (uint32_t i = 0; i < b->parent_count; i++) {
			const uint32_t p = b->parents[i];
			if (p == HISTORY_NONE || s->seen[p] != 0 || is_exempt(s, p))
				continue;
			s->seen[p] |= SEEN_BROUGHT;
			s->brought[count++] = p;
		}
	}
	return count;
}

static enum assay_status
gap(const struct state *s, const char *id, uint32_t commit, const char *words)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(&s->h->commits[commit].id, s->h->algo, hex);
	return judge_find(s->c, s->v, true, id, hex, NULL, s->err, "commit %s %s", hex, words);
}

/* A merge whose own message names nothing is traced when all that it brings is. */
static bool
all_named(struct state *s, uint32_t count)
{
	uint32_t named = 0;
	for (uint32_t i = 0; i < count; i++) {
		/* A merge among them brings nothing that isn't among them too. */
		if (merges_joins(&s->merges, s->brought[i]))
			continue;
		if (!names_request(s, s->brought[i], false))
			return false;
		named++;
	}
	return named > 0;
}

static enum assay_status
judge_change(struct state *s, uint32_t commit)
{
	const struct history_commit *c = &s->h->commits[commit];
	const bool merges = merges_joins(&s->merges, commit);
	const uint32_t count = c->parent_count > 1 ? bring(s, commit) : 0;
	const bool revert = change_is_revert(c->message);
	s->changes++;
	s->merged += count;
	s->reverts += revert;
	s->in_release += s->released[commit] != 0;
	if (CATCH(change_malformed, c->malformed)) {
		char hex[2 * OID_MAX + 1];
		oid_hex(&c->id, s->h->algo, hex);
		return judge_find(s->c, s->v, false, "malformed-object", hex, NULL, s->err,
		    "commit %s can't be read: what it was for can't be told", hex);
	}
	if (CATCH(change_empty, change_subject(c->message).len == 0))
		return gap(s, "change-message-empty", commit, "has an empty message");
	if (names_request(s, commit, merges) || (merges && all_named(s, count)))
		return ASSAY_OK;
	if (CATCH(change_revert_untraced, revert))
		return gap(s, "revert-untraced", commit, "takes a change back and names no request of its own");
	if (CATCH(change_untraced, !revert))
		return gap(s, "change-untraced", commit,
		    merges ? "merges changes, and neither it nor each of them names a request" : "names no request");
	return ASSAY_OK;
}

/* ---- branches ---- */

/* By first parents, down to what is exempt. Oldest first, so that what a merge brings is what it brought then. */
static enum assay_status
judge_branch(struct state *s, uint32_t tip)
{
	uint32_t count = 0;
	for (uint32_t at = tip; at != HISTORY_NONE && (s->seen[at] & SEEN_MAINLINE) == 0;) {
		const struct history_commit *c = &s->h->commits[at];
		if (is_exempt(s, at)) {
			s->exempt++;
			break;
		}
		s->seen[at] |= SEEN_MAINLINE;
		s->mainline[count++] = at;
		at = c->parent_count > 0 ? c->parents[0] : HISTORY_NONE;
	}
	while (count > 0) {
		TRY(judge_change(s, s->mainline[--count]));
		if (s->reader.steps > STEPS_MAX)
			return judge_find(s->c, s->v, false, "pattern-too-slow", NULL, NULL, s->err,
			    "matching took more than is done for a pattern");
	}
	return ASSAY_OK;
}

static enum assay_status
judge_ref(struct state *s, const char *name)
{
	for (uint32_t i = 0; i < s->h->ref_count; i++) {
		if (strcmp(s->h->refs[i].name, name) == 0 && s->h->refs[i].commit != HISTORY_NONE)
			return judge_branch(s, s->h->refs[i].commit);
	}
	if (CATCH(change_branch_absent, true))
		return judge_find(s->c, s->v, false, "release-branch-absent", name, NULL, s->err,
		    "the release branch '%s' isn't there, so its changes were not judged", name);
	return ASSAY_OK;
}

static enum assay_status
judge_branches(struct state *s)
{
	const struct yaml_strings *names = &s->c->input->policy->release_branches;
	for (size_t i = 0; i < names->count; i++)
		TRY(judge_ref(s, names->items[i]));
	const uint32_t head = s->h->has_head ? history_find_commit(s->h, &s->h->head_id) : HISTORY_NONE;
	return names->count == 0 && head != HISTORY_NONE ? judge_branch(s, head) : ASSAY_OK;
}

/* ---- the rule ---- */

/* Words that stand in any message: a pattern that takes one for a request asks for nothing. */
static enum assay_status
judge_pattern(struct state *s)
{
	static const char *const words[] = { "Fix", "typo", "Update README", "wip", "Merge", "cleanup", "initial commit" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t from, len;
		const bool found = ere_find(s->reader.pattern, assay_span_str(words[i]), &from, &len, &s->reader.steps);
		if (CATCH(change_pattern_wide, found))
			return judge_find(s->c, s->v, true, "pattern-matches-anything", s->reader.rule->pattern, NULL, s->err,
			    "the policy's pattern '%s' takes '%s' for a request", s->reader.rule->pattern, words[i]);
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "no-change-rule", "say in assay/policy.yaml how a change names its request: changes: {pattern: 'CR-[0-9]+', where: trailer Change}" },
	{ "pattern-matches-anything", "write what a request's name looks like, digits included" },
	{ "change-untraced", "name the request in further changes and refuse merges without one; a cut-over commit exempts the past" },
	{ "revert-untraced", "a revert is a change: name the request that it is made for" },
	{ "change-message-empty", "write messages, and refuse changes without one; a cut-over commit exempts the past" },
	{ "release-branch-absent", "fetch the branch, or correct scope: release-branches: in assay/policy.yaml" },
	{ "requests-unseen", "lay the tracker's list of approved requests beside the changes: a clone doesn't show it" },
	{ "malformed-object", "see repo.signed" },
	{ NULL, "see assay-policy(5)" },
};

static enum assay_status
prepare(struct state *s)
{
	const size_t room = (size_t)s->h->commit_count + 1;
	TRY(scope_new(s->c, s->v, s->h, &s->scope, s->err));
	TRY(merges_new(s->c, s->h, s->scope, &s->merges, s->err));
	TRY(ere_compile(assay_span_str(s->reader.rule->pattern), s->c->arena, &s->reader.pattern, s->err));
	s->seen = arena_array(s->c->arena, room, 1);
	s->mainline = arena_array(s->c->arena, room, sizeof s->mainline[0]);
	s->brought = arena_array(s->c->arena, room, sizeof s->brought[0]);
	s->released = arena_array(s->c->arena, room, 1);
	return s->released != NULL && s->seen != NULL && s->mainline != NULL && s->brought != NULL ? ASSAY_OK : arena_full(s->err);
}

/* Forward, as far as a clone shows it: the tags of scope, and all that they hold. */
static void
mark_releases(const struct state *s)
{
	for (uint32_t i = 0; i < s->h->tag_count; i++) {
		if (scope_has_tag(s->scope, i))
			(void)scope_mark(s->scope, s->released, 1, s->h->tags[i].target_type == GIT_COMMIT ? s->h->tags[i].target_index
				: HISTORY_NONE);
	}
	for (uint32_t i = 0; i < s->h->ref_count; i++) {
		if (strncmp(s->h->refs[i].name, "refs/tags/", 10) == 0)
			(void)scope_mark(s->scope, s->released, 1, s->h->refs[i].commit);
	}
}

enum assay_status
judge_change_traced(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .h = evidence_facts(c->input->evidence, HISTORY_KIND),
		.reader = { .rule = &c->input->policy->changes }, .err = err };
	if (CATCH(change_no_rule, s.reader.rule->where == CHANGE_NOWHERE))
		TRY(judge_find(c, v, false, "no-change-rule", NULL, NULL, err,
		    "the policy doesn't say how a change names the request that it was made for"));
	if (s.reader.rule->where == CHANGE_NOWHERE)
		return judge_conclude(c, v, 0, "", advice, err);
	TRY(prepare(&s));
	mark_releases(&s);
	TRY(judge_pattern(&s));
	TRY(judge_branches(&s));
	if (CATCH(change_requests_unseen, s.changes > 0))
		TRY(judge_find(c, v, false, "requests-unseen", NULL, NULL, err,
		    "whether the requests exist and were approved stands in a tracker, and what verified the changes in test records: a "
		    "clone shows neither"));
	judge_count(v, "changes on release branches", s.changes);
	judge_count(v, "changes that a tag holds", s.in_release);
	judge_count(v, "changes in no release yet", s.changes - s.in_release);
	judge_count(v, "commits that merges brought", s.merged);
	judge_count(v, "changes that take one back", s.reverts);
	judge_count(v, "branches with a cut-over", s.exempt);
	return judge_conclude(c, v, s.changes, "each change on a release branch names a request", advice, err);
}
