/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules stood where: for every commit the policy state that was in force after it, and the one that it is judged by. A state
 * comes into force with the commit whose folder assay/ the policy role signed, and no version of its chain ever falls. A commit
 * is judged by what was in force at its first parent, never by what it brings; a commit of a side branch by what was in
 * force where it was merged.
 */
#pragma once

#include <evidence/states.h>
#include <judge/judge.h>
#include <judge/outcome.h>
#include <policy/authority.h>

#define STANDING_NONE UINT32_MAX
/* Most different folders assay/ in one history. */
#define STANDING_FOLDERS_MAX 20000u

/* A folder assay/ as some commit has it. */
struct standing_folder {
	struct oid id;
	struct sources files;
	struct authority authority;
	bool authorised;       /* authority holds, and policy and roster can be read */
	struct policy policy;  /* when authorised */
	struct roster roster;
	const struct outcome_owner *owners; /* when authorised: one for each of the history's keys */
};

/* A change of assay/ on a mainline that nobody authorised: what stood before stays in force. */
struct standing_change {
	uint32_t commit;
	uint32_t folder;       /* STANDING_NONE: the folder is gone */
	bool rolled_back;      /* signed, but older than what was in force already, or another of the same version */
};

struct standing {
	const struct history *h;
	struct standing_folder *folders; /* sorted by id */
	uint32_t folder_count;
	uint32_t *folder;      /* of each commit; STANDING_NONE: it has none */
	uint32_t *after;       /* of each commit: the folder in force after it */
	uint32_t *judged_by;   /* of each commit: the folder that it is judged by */
	uint32_t *also_by;     /* of each commit: one that must know its key, too; STANDING_NONE: no other */
	uint32_t *order;       /* of all commits: parents before children */
	const char *unseen;    /* why which rules stood when isn't known of all commits; NULL: it is */
	uint32_t head;         /* in force after HEAD's commit */
	bool has_trust;        /* HEAD's tree has trust metadata */
	const struct authority *here; /* what HEAD's own folder comes to; NULL when it has none or it could not be read */
	bool unread;           /* HEAD's root tree isn't in the evidence */
	uint32_t before_all;   /* commits from before any state was in force: judged by HEAD's */
	struct standing_change *changes;
	uint32_t change_count;
};

/* *ret_standing NULL: there is no evidence to tell from. */
ASSAY_MUST_USE enum assay_status standing_find(const struct judge_input *input, struct arena *arena,
    struct standing **ret_standing, struct assay_error *err);
/* Of two states that lines bring, whether a goes before b: both are some commit's, authorised. */
bool standing_newer(const struct standing *s, uint32_t a, uint32_t b);
/* The folder in force at HEAD, or NULL. */
const struct standing_folder *standing_now(const struct standing *s);
/* The commit that a ref leads to, through tags of tags too; HISTORY_NONE when it leads to none. */
uint32_t standing_ref_commit(const struct history *h, const struct history_ref *ref);
/* standing_meet.c: fills also_by. */
ASSAY_MUST_USE enum assay_status standing_meet(struct standing *s, struct arena *arena, struct assay_error *err);
/* The newest of the rules that the parents of a commit leave in force; STANDING_NONE: none does. */
uint32_t standing_rules_for(const struct standing *s, uint32_t commit);
/* standing_line.c: fills judged_by and changes, once after is known. */
ASSAY_MUST_USE enum assay_status standing_lines(struct standing *s, const struct judge_input *input,
    struct arena *arena, struct assay_error *err);

/* ---- whose signature ---- */

/* Whose key it is by the rules that a commit or tag is judged by. */
struct signers {
	const struct judge_context *c;
	const struct history *h;
	const struct outcome_owner *fallback; /* by the roster at hand, where no state was in force */
};
ASSAY_MUST_USE enum assay_status signers_init(const struct judge_context *c, const struct history *h,
    struct signers *ret_signers, struct assay_error *err);
/* NULL where the signature names no key. A tag is judged by what was in force after the commit that it leads to. */
const struct outcome_owner *signers_of_commit(const struct signers *s, uint32_t commit);
const struct outcome_owner *signers_of_tag(const struct signers *s, uint32_t tag);
/* The policy that a commit is judged by. */
const struct policy *signers_policy(const struct signers *s, uint32_t commit);
/* Whether some commit may be judged by a policy with this rule. */
bool signers_any_platform(const struct judge_context *c, enum platform_rule rule);
/* The same person or platform, whichever roster the entries come from. */
bool signers_same(const struct roster_entry *a, const struct roster_entry *b);
