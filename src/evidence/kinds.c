/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/analysis.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <evidence/imports.h>
#include <evidence/reviewed.h>
#include <evidence/states.h>
#include <evidence/tree.h>

/* A new source of evidence is one more row. */
const struct evidence_kind evidence_kinds[] = {
	{ ANALYSIS_KIND, { GRADE_ASSERTED, GRADE_DEMONSTRATED }, analysis_parse },
	{ IMPORTS_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, imports_parse },
	{ CLONE_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, clone_parse },
	{ STATES_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, states_parse },
	{ HISTORY_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, history_parse },
	{ REVIEWED_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, reviewed_parse },
	{ TREE_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, tree_parse },
};

const size_t evidence_kind_count = sizeof evidence_kinds / sizeof evidence_kinds[0];

const struct evidence_kind *
evidence_kind_find(const char *name)
{
	for (size_t i = 0; i < evidence_kind_count; i++) {
		if (strcmp(evidence_kinds[i].name, name) == 0)
			return &evidence_kinds[i];
	}
	return NULL;
}
