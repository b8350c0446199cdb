/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delegated roles of a small repository, and searches through them, for the tests of libassay.
 */
#pragma once

#include "tufworld.h"

#define ROLES_MAX 48

/* In the order of their making; the first is the top-level one, "targets". */
extern struct roles_role {
	char name[ASSAY_TUF_NAME_MAX + 1];
	json_t *payload;
	const char *letters; /* who signs */
	struct assay_span file;
	unsigned fetched;
} roles_all[ROLES_MAX];
extern struct assay_tuf_state roles_state;
/* What the last search found. */
extern struct assay_tuf_target roles_found;
/* What was asked for last. */
extern char roles_last_name[ASSAY_TUF_FILE_NAME_SIZE];
extern size_t roles_last_limit;
/* To be set before roles_publish(): roles that are left out somewhere, by name. */
extern bool roles_consistent;
extern const char *roles_not_listed, *roles_without_length, *roles_gone;

/* Nothing but the top-level role. */
void roles_fresh(void);
json_t *roles_add(const char *name, const char *letters);
json_t *roles_payload(const char *name);
/* Delegates from one role to another new one, which Bea signs. */
json_t *roles_delegate(const char *from, const char *to, const char *pattern, bool terminating);
/* Signs all and runs the update as far as the search. */
void roles_publish(void);
enum assay_status roles_find(const char *path);
/* The search for path must end with the role of this name. */
void roles_speaks(const char *path, const char *name);
/* How often a role's file was fetched. */
unsigned roles_fetched(const char *name);
