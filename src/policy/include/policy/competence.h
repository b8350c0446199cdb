/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/competence.yaml: for which roles a person's competence was shown, by what, and how long that holds. Format:
 * assay-competence(5).
 */
#pragma once

#include <base/arena.h>
#include <codec/yaml.h>
#include <stdint.h>

#define COMPETENCE_VERSION 1
#define COMPETENCE_PATH "assay/competence.yaml"
#define COMPETENCE_MAX 2000

struct competence_entry {
	const char *person;        /* id of the roster */
	struct yaml_strings roles;
	const char *shown_by;      /* where the record lies, in words */
	int64_t from, until;       /* until is exclusive */
	unsigned line;
};

struct competence {
	struct competence_entry *entries;
	size_t count;
};

/* Error beyond the format's: until not after from. */
ASSAY_MUST_USE enum assay_status competence_parse(struct assay_span yaml, const char *name,
    struct arena *arena, struct competence *ret_competence, struct assay_error *err);
/*
 * The entry that holds for this person and role at that time, or NULL. *ret_other: one that would, at another time; NULL: none does.
 */
const struct competence_entry *competence_at(const struct competence *c, const char *person, const char *role, int64_t at,
    const struct competence_entry **ret_other);
