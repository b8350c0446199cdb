/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all readers of engines' outputs share: a list of reports that grows, and paths brought below the root.
 */
#pragma once

#include <sca/report.h>

struct reading {
	const struct sca_input *in;
	struct arena *arena;
	struct sca_reading out;
	size_t room;
	struct assay_error *err;
};

struct reading reading_begin(const struct sca_input *in, struct arena *arena, struct assay_error *err);
/* A new report of the engine, all texts "". ASSAY_E_LIMIT over SCA_REPORTS_MAX. */
ASSAY_MUST_USE enum assay_status reading_add(struct reading *r, struct sca_report **ret_report);
/* NULL: no memory. A path that leaves the root is outside, and as told. */
const char *reading_path(struct reading *r, const char *told, bool *ret_outside);
/* Refuses the output as a whole. */
enum assay_status reading_bad(const struct reading *r, enum assay_status status, const char *why);
/* Counts it as one that says that the code couldn't be read. */
void reading_broken(struct reading *r, struct sca_report *report);
