/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "release-tree": what looking at a release and at its source found; bytes of releases don't travel. Members, N as in "release-seal":
 *
 *   release/N/source    "COMMIT SHA256": the tree digest, assay-release(5), of the commit that the seal names, as the repository has it;
 *                       or "COMMIT absent WHY"; empty when the seal names none
 *   release/N/listing   the manifest that the tree would have today; only when a tree was given
 *   release/N/relevant  "KIND PATH" lines: what matters to security, told by its bytes; PATH as in a manifest; in the listing's order
 *   release/N/matters   "CODE COUNT PATH OBJECT" lines: what was remarkable (seal/coverage.h); OBJECT may be empty; spelled as paths
 *   release/N/packages  when a tree was given: "DATABASES UNREAD", how many databases of packages the tree has, and one that can't be
 *                       read or nothing; then "TYPE NAME VERSION FILE" lines, what they name; spelled as paths
 *   release/N/why       why the tree could not be looked at whole; empty when it could
 */
#pragma once

#include <assay/manifest.h>
#include <evidence/evidence.h>
#include <evidence/release.h>

#define RELEASE_TREE_KIND "release-tree"
#define RELEASE_LOOK_MAX ((size_t)256 << 20)

struct release_matter {
	const char *code, *path, *object; /* object "" where there is none */
	uint64_t count;
};

/* What a database of packages in the tree names. */
struct release_package {
	const char *type, *name, *version, *file;
};
#define RELEASE_PACKAGES_MAX 200000u

struct release_look {
	const char *commit, *source;  /* hex; source NULL: it can't be had */
	const char *source_why;       /* then: why */
	bool has_tree;
	struct assay_span listing;    /* when has_tree; of the form */
	struct assay_span relevant;
	const char *why;              /* NULL: all was looked at */
	struct release_counts counts; /* of the listing */
	uint64_t relevant_count;
	struct release_matter *matters;
	size_t matter_count;
	uint64_t databases;           /* of packages */
	const char *unread;           /* one of them that can't be read, or NULL */
	struct release_package *packages;
	size_t package_count;
};

struct release_looks {
	struct release_look *items;
	size_t count;
};

ASSAY_MUST_USE enum assay_status release_tree_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
/* The next of look->relevant, of which *in is what is left; the path as spelled in the listing. */
bool release_next_kind(struct assay_span *in, struct assay_span *ret_kind, struct assay_span *ret_path);
/* The kind of what lies at path when it matters to security, else data NULL. path as spelled in the listing. */
struct assay_span release_kind_of(const struct release_look *look, struct assay_span path);
/* Counts and checks a manifest; *ret_why says what is wrong with one that isn't of the form, NULL when it is. */
ASSAY_MUST_USE enum assay_status release_read_manifest(struct assay_span manifest, struct arena *arena, struct release_counts *ret_counts,
    const char **ret_why, struct assay_error *err);
