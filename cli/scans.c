/* SPDX-License-Identifier: Apache-2.0 */
#include "scans.h"

#include <base/cleanup.h>
#include <probe/leaks.h>
#include <string.h>

enum assay_status
given_scans_read(const struct cli *cli, struct workspace *w, struct assay_error *err)
{
	if (cli->scans.count > LEAKS_GIVEN_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--scan' is given more than %d times", LEAKS_GIVEN_MAX);
	for (size_t i = 0; i < cli->scans.count; i++) {
		if (cli->scans.items[i][0] == '\0' || w->also_count >= WORKSPACE_ALSO_MAX)
			return assay_fail(err, ASSAY_E_USAGE, "'--scan' names nothing, or there are too many folders with it");
		w->also[w->also_count++] = cli->scans.items[i];
	}
	return ASSAY_OK;
}

enum assay_status
given_scans_add(const struct cli *cli, struct workspace *w, struct assay_error *err)
{
	const struct evidence_kind *kind = evidence_kind_find(LEAKS_FILES_KIND);
	struct evidence_set set = { .items = arena_array(w->arena, w->evidence.count + 1, sizeof set.items[0]), .count = w->evidence.count };
	if (cli->scans.count == 0)
		return ASSAY_OK;
	if (set.items == NULL)
		return arena_full(err);
	if (set.count > 0)
		memcpy(set.items, w->evidence.items, set.count * sizeof set.items[0]);
	struct evidence *e = &set.items[set.count++];
	*e = (struct evidence){ .kind = LEAKS_FILES_KIND, .subject = repository_subject(w->repository, w->arena), .grade = kind->grade };
	if (e->subject == NULL)
		return arena_full(err);
	TRY(leaks_files_fetch(cli->scans.items, cli->scans.count, w->arena, e, err));
	TRY(evidence_seal(e, err));
	w->evidence = set;
	return ASSAY_OK;
}
