/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small world to judge: a history written down as facts, people with keys, a policy, one clause with the three controls.
 */
#pragma once

#include <base/when.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <judge/judge.h>
#include <judge/outcome.h>

#define WORLD_COMMITS 4096
#define WORLD_TAGS 16
#define WORLD_REFS 16
#define WORLD_PEOPLE 8
#define WORLD_DAY ((int64_t)1700006400) /* 2023-11-15T00:00:00Z, the judge's day */
#define UNSIGNED HISTORY_NONE

struct world {
	struct arena *arena;
	struct history h;
	struct history_commit commits[WORLD_COMMITS];
	uint32_t parents[4 * WORLD_COMMITS];
	uint32_t parents_used;
	struct history_tag tags[WORLD_TAGS];
	struct history_ref refs[WORLD_REFS];
	struct history_key keys[2 * WORLD_PEOPLE];
	struct oid shallow[4];
	struct roster_entry entries[WORLD_PEOPLE];
	struct roster_key roster_keys[WORLD_PEOPLE];
	const char *emails[WORLD_PEOPLE];
	struct roster roster;
	struct policy policy;
	struct clone_facts clone;
	struct clause clause, other_clause;
	struct control controls[5];
	struct catalog catalog;
	struct evidence items[2];
	struct evidence_set set;
	struct judge_input input;
	const struct verdicts *verdicts;
};

struct world *world_new(void);
void world_free(struct world *w);
/* An owner with one key; returns the place of that key among the history's keys and of its row in roster_keys. */
uint32_t world_owner(struct world *w, enum roster_owner kind, const char *id, const char *email);
/* A key that the roster doesn't know. */
uint32_t world_stranger(struct world *w);
/* A commit at time, signed soundly with key (or UNSIGNED), by that key's owner; parents end with HISTORY_NONE. */
uint32_t world_commit(struct world *w, int64_t time, uint32_t key, ...);
uint32_t world_tag(struct world *w, const char *name, int64_t time, uint32_t key, uint32_t commit);
/* In the order of names. */
void world_ref(struct world *w, const char *name, uint32_t commit);
void world_tag_ref(struct world *w, const char *name, uint32_t tag);
/* The hex id of a commit or tag, in memory of its own. */
const char *world_commit_hex(const struct world *w, uint32_t commit);
const char *world_tag_hex(const struct world *w, uint32_t tag);
/* Exempts a commit or tag, by its hex id. */
void world_cut_over(struct world *w, const char *hex);
/* Judges; the verdict on one control. */
const struct control_verdict *world_judge(struct world *w, const char *id);
/* How many kept findings have this id and are about object (NULL: any). */
size_t world_count(const struct control_verdict *v, const char *id, const char *object);
/* The value of a count. */
uint64_t world_number(const struct control_verdict *v, const char *name);
