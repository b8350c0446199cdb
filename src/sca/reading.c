/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <sca/path.h>

#include <base/cleanup.h>

struct reading
reading_begin(const struct sca_input *in, struct arena *arena, struct assay_error *err)
{
	return (struct reading) { .in = in, .arena = arena, .err = err, .out = { .tool = "", .version = "" } };
}

enum assay_status
reading_add(struct reading *r, struct sca_report **ret_report)
{
	if (r->out.count == SCA_REPORTS_MAX)
		return reading_bad(r, ASSAY_E_LIMIT, "it has too many reports");
	if (r->out.count == r->room) {
		size_t room = r->room == 0 ? 16 : 2 * r->room;
		struct sca_report *more = arena_array(r->arena, room, sizeof *more);
		if (more == NULL)
			return arena_full(r->err);
		if (r->out.count > 0)
			memcpy(more, r->out.reports, r->out.count * sizeof *more);
		r->out.reports = more;
		r->room = room;
	}
	struct sca_report *report = &r->out.reports[r->out.count++];
	*report = (struct sca_report) { .engine = r->in->engine, .check = "", .message = "", .path = "", .suppression = "",
		.level = SCA_WARNING };
	*ret_report = report;
	return ASSAY_OK;
}

const char *
reading_path(struct reading *r, const char *told, bool *ret_outside)
{
	const char *below = told;
	bool absolute = told[0] == '/' || strstr(told, "://") != NULL;
	for (size_t i = 0; r->in->roots != NULL && r->in->roots[i] != NULL; i++) {
		size_t n = strlen(r->in->roots[i]);
		if (n > 0 && strncmp(told, r->in->roots[i], n) == 0) {
			below = told + n;
			absolute = false;
			break;
		}
	}
	*ret_outside = true;
	if (absolute || told[0] == '\0')
		return arena_str(r->arena, told);
	const char *folder = below == told && r->in->folder != NULL ? r->in->folder : "";
	const char *path = sca_path_join(folder, below, r->arena);
	if (path == NULL || path[0] == '\0')
		return arena_str(r->arena, told);
	*ret_outside = false;
	return path;
}

enum assay_status
reading_bad(const struct reading *r, enum assay_status status, const char *why)
{
	return assay_fail(r->err, status, "the output of '%s' can't be read: %s", r->in->engine, why);
}

void
reading_broken(struct reading *r, struct sca_report *report)
{
	report->is_broken = true;
	report->level = SCA_ERROR;
	r->out.errors++;
	if (r->out.broken == NULL)
		r->out.broken = report->message;
}
