/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy folders with real trust metadata (chain.h), laid into a history of facts (world.h).
 */
#pragma once

#include "chain.h"
#include "standing.h"
#include "world.h"

#include <evidence/states.h>

#define T0 ((int64_t)1690000000)
#define END HISTORY_NONE
#define NONE STANDING_NONE
/* Rosters that differ in nothing but their bytes. */
#define OTHER "assay-roster: 1\npeople: []\n# other\n"
#define THIRD "assay-roster: 1\npeople: []\n# third\n"

extern struct world *w;
extern struct states states;
extern struct states_root roots[64];
extern struct standing *s; /* of the last find() */
extern uint32_t key;       /* who signs all commits */

int setup(void **state);
int teardown(void **state);
/* A commit whose tree has this folder assay/; parent END: none; c NULL: no folder. */
uint32_t next(uint32_t parent, const struct chain *c);
uint32_t merge(uint32_t first, uint32_t second, const struct chain *c);
void find(uint32_t head);
/* The policy version of a folder; 0 for none. */
uint64_t version(uint32_t folder);
/* A chain with a roster of its own words, signed as this version. */
struct chain signed_as(int number, const char *words, const char *letters);
