/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a history is in scope, what is exempt, and in which order time must run.
 */
#pragma once

#include <evidence/history.h>
#include <judge/judge.h>

#define SCOPE_IN 1u
#define SCOPE_EXEMPT 2u

struct scope {
	const struct history *h;
	unsigned char *commits; /* SCOPE_ flags of each */
	unsigned char *tags;
	/* The commits' parents once more, close together: walks jump about, and a commit's facts are two cache lines each. */
	const uint32_t *first;   /* of each commit: place of its first parent in parents; one more than commits */
	const uint32_t *parents;
	uint32_t *stack;        /* room for one index a commit, for walks */
	/* In scope and to be judged; in scope and exempt. */
	uint32_t commits_judged, commits_exempt, tags_judged, tags_exempt;
};

/*
 * Commits that the refs of the policy's branches and tags and a detached HEAD lead to, and the tag objects on the way. A cut-over commit exempts
 * itself and its ancestors, a cut-over tag object itself alone. What is missing from that walk, or a cut-over that isn't there, becomes
 * an open question of v.
 */
ASSAY_MUST_USE enum assay_status scope_new(const struct judge_context *c, struct control_verdict *v,
    const struct history *h, struct scope **ret_scope, struct assay_error *err);
/* True for what is in scope and not exempt. */
bool scope_has_commit(const struct scope *s, uint32_t commit);
bool scope_has_tag(const struct scope *s, uint32_t tag);
/*
 * Sets bit on what start leads to through parents, itself included, stopping where it is set already. Returns how many
 * were set; they lie in s->stack.
 */
uint32_t scope_mark(const struct scope *s, unsigned char *flags, unsigned char bit, uint32_t start);
/* Fills ret_order (room for all commits) with those in scope, parents before children. Returns how many. */
ASSAY_MUST_USE enum assay_status scope_order(const struct scope *s, struct arena *arena,
    const uint32_t **ret_order, uint32_t *ret_count, struct assay_error *err);
