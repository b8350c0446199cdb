/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owners files of HEAD's tree, each as its forge reads it.
 */
#pragma once

#include <codec/sources.h>
#include <judge/judge.h>
#include <policy/owners.h>

struct owners_of_tree {
	const char *path;      /* of the file that the forge reads */
	struct owners_file file;
};

/* One a forge. */
#define OWNERS_FILES 2

/*
 * The forges' files: of those the policy names, else of those the tree shows signs of. v has the open questions about what isn't
 * there or can't be read; v NULL: nobody asks.
 */
ASSAY_MUST_USE enum assay_status owners_read(const struct judge_context *c, struct control_verdict *v,
    struct owners_of_tree ret_files[OWNERS_FILES], size_t *ret_count, struct assay_error *err);
/* The person of the roster that an owner names, by address, id or principal, or NULL. */
const struct roster_entry *owners_person(const struct judge_context *c, const char *owner);
/* "@group/team", "@@role": several people, whom a clone doesn't show. */
bool owners_is_group(const char *owner);
