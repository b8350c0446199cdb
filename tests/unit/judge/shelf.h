/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world whose tree holds records: what the judges of access, owners, changes and risks are given.
 */
#pragma once

#include "world.h"

#include <evidence/tree.h>

#define SHELF_FILES 64
#define SHELF_CONTROLS 16

struct shelf {
	struct world *w;
	struct tree tree;
	struct source_file files[SHELF_FILES];
	struct control controls[SHELF_CONTROLS];
	struct evidence items[3];
	struct clause clause;
};

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s);
/* A control of this id, that evidence on the maker's word lets pass. */
struct control *shelf_control(struct shelf *s, const char *id);
/* A file of HEAD's tree; the same path again replaces it; NULL takes it away. */
void shelf_file(struct shelf *s, const char *path, const char *text);
/* A person of the roster, id and address id@example.com, with one key; returns the key's place. */
uint32_t shelf_person(struct shelf *s, const char *id);
const struct control_verdict *shelf_judge(struct shelf *s, const char *id);
