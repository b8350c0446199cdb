/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of coverage: facts as they come, and where links lead. */
#pragma once

#include <seal/coverage.h>

struct cover {
	const struct seal_scene *scene;
	struct arena *arena;
	struct seal_coverage *out;
	const struct seal_fact **end;
	uint64_t kept[SEAL_MATTER_COUNT];
	bool *used; /* of each exclusion */
};

/* object may be NULL. */
ASSAY_MUST_USE enum assay_status cover_fact(struct cover *c, enum seal_matter matter, const char *path, const char *object,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status cover_outside(struct cover *c, struct assay_error *err);
ASSAY_MUST_USE enum assay_status cover_link(struct cover *c, const struct seal_entry *e, struct assay_error *err);
/* Whether the exclusions leave it out; tells of those that match and don't count. */
ASSAY_MUST_USE enum assay_status cover_excluded(struct cover *c, const struct seal_entry *e, bool *ret_excluded, struct assay_error *err);
ASSAY_MUST_USE enum assay_status cover_exclusions(struct cover *c, struct assay_error *err);

enum cover_way { COVER_FOUND, COVER_NOTHING, COVER_LEADS_OUT, COVER_LOOP };
/* The entry of a path from the tree's root ('/' in front or not), through links; a path from a link begins where that stands. */
enum cover_way cover_resolve(const struct seal_scene *scene, const char *from, const char *path, const struct seal_entry **ret_entry);
