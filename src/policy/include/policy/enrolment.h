/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs of possession in trust metadata: each key has signed its own entry, its person's name and the repository where it counts, so
 * that nobody enrols a key that somebody else holds. Format: assay-trust(5), "x-assay-enrolments".
 */
#pragma once

#include <assay/tuf.h>
#include <base/arena.h>
#include <codec/canon.h>

/* Bytes of one document. */
#define ENROLMENT_FILE_MAX (1u << 20)

/* What a key signs. */
ASSAY_MUST_USE enum assay_status enrolment_statement(const json_t *key, const char *name, const char *repository,
    struct buf *out, struct assay_error *err);
/* Whether record, {"name", "proof": hex}, is the key's own word for this repository. */
bool enrolment_proves(const json_t *key, const json_t *record, const char *repository);
/* The person of the first key of root or targets metadata that has no proof of its own, in the arena; NULL: each has one. */
ASSAY_MUST_USE enum assay_status enrolment_unproved(struct assay_span document, const char *name, const char *repository,
    struct arena *arena, const char **ret_person, struct assay_error *err);
