/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/analysis.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <evidence/imports.h>
#include <evidence/leaks.h>
#include <evidence/records.h>
#include <evidence/release.h>
#include <evidence/reltree.h>
#include <evidence/reviewed.h>
#include <evidence/states.h>
#include <evidence/tree.h>

#define NO_RELEASE "no release was given"
#define GIVE_RELEASE "give the one that you ship: assay check --release SEAL=TREE, SEAL being the folder that 'assay seal' wrote"

/* A new source of evidence is one more row. */
const struct evidence_kind evidence_kinds[] = {
	{ ANALYSIS_KIND, { GRADE_ASSERTED, GRADE_DEMONSTRATED }, analysis_parse, NULL, NULL },
	{ IMPORTS_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, imports_parse, NULL, NULL },
	{ CLONE_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, clone_parse, NULL, NULL },
	{ STATES_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, states_parse, NULL, NULL },
	{ HISTORY_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, history_parse, NULL, NULL },
	{ REVIEWED_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, reviewed_parse, NULL, NULL },
	{ TREE_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, tree_parse, NULL, NULL },
	{ RELEASE_TREE_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, release_tree_parse, NO_RELEASE, GIVE_RELEASE },
	{ RELEASE_RECORDS_KIND, { GRADE_ASSERTED, GRADE_DEMONSTRATED }, release_records_parse, "no release was given with records of what was tried with it",
	    "give the release and the folder with the records of its drill: assay check --release SEAL=TREE --release-records DIR" },
	{ RELEASE_SEAL_KIND, { GRADE_RECOMPUTED, GRADE_OBSERVED }, release_seal_parse, NO_RELEASE, GIVE_RELEASE },
	{ LEAKS_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, leaks_parse, NULL, NULL },
	{ LEAKS_FILES_KIND, { GRADE_ASSERTED, GRADE_OBSERVED }, leaks_files_parse, NULL, NULL },
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
