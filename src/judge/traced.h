/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of seal.traced share: the bill of materials (traced_bill.c), commits in the provenance (traced_commits.c), the rest
 * (seal_traced.c).
 */
#pragma once

#include "release.h"

#include <codec/jsontree.h>

struct traced {
	const struct release_base *b;
	const struct release_look *look;
	unsigned char *digests; /* of the manifest's files, sorted */
	size_t digest_count;
	const char *word; /* on whose the provenance is */
	const char *packages; /* why they weren't compared, or "" */
	uint64_t taken; /* commits of other repositories that the provenance names */
};

ASSAY_MUST_USE enum assay_status traced_say(const struct traced *s, bool gap, const char *id, const char *object, const char *words);
/* For qsort() and bsearch(): SHA-256 digests, and spans by their bytes. */
int traced_by_digest(const void *a, const void *b);
int traced_by_text(const void *a, const void *b);
/* Whether a file of the manifest has this digest. */
bool traced_is_here(const struct traced *s, const char *hex);

/* Paths of what is of the groups up to one, told by its bytes; as manifests spell them, sorted. */
struct traced_paths {
	struct assay_span *paths;
	size_t count;
};
/* Whether all of the tree was looked into, so that what isn't among such paths isn't of those groups. */
bool traced_is_seen(const struct traced *s);
/* None where nobody looked. */
ASSAY_MUST_USE enum assay_status traced_list(const struct traced *s, unsigned last_group, struct traced_paths *ret_paths);
/* path as manifests spell it. */
bool traced_has(const struct traced_paths *p, const char *path);

/* The bill of materials against product, version, the manifest's files and the packages of the tree. */
ASSAY_MUST_USE enum assay_status traced_judge_bill(struct traced *s);
/* The commits that a statement of SLSA v1 provenance names, against the release's. */
ASSAY_MUST_USE enum assay_status traced_judge_commits(struct traced *s, const struct jsontree *statement);
