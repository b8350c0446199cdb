/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever plan is read, each check has an engine and a name, and no path of it leads out of the repository. */
#include <sca/plan.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
hold(bool good)
{
	if (!good)
		__builtin_trap();
}

static void
hold_path(const char *path)
{
	hold(path[0] != '/' && path[0] != '\0' && strstr(path, "//") == NULL && strcmp(path, "..") != 0);
	hold(strncmp(path, "../", 3) != 0 && strstr(path, "/../") == NULL);
}

static void
hold_row(const struct plan *p, const struct plan_standard *s, const struct plan_row *row)
{
	hold(plan_row(s, row->rule) == row);
	hold(row->not_applicable == NULL || (row->check_count == 0 && row->review == NULL));
	for (size_t i = 0; i < row->check_count; i++) {
		const struct plan_check *check = &row->checks[i];
		const struct plan_standard *where = NULL;
		size_t cursor = 0;
		hold(check->engine[0] != '\0' && check->name[0] != '\0' && strchr(check->engine, '/') == NULL);
		hold(check->part == NULL || strchr(check->name, '#') == NULL);
		hold(strpbrk(check->text, " \t\n'\"\\$`;|&<>(){}*?") == NULL);
		hold(plan_next_row(p, check->engine, check->name, &cursor, &where) != NULL && where != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct plan p;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (plan_parse((struct assay_span){ data, size }, "fuzz", arena, &p, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < p.count; i++) {
		hold(plan_standard(&p, p.standards[i].id) == &p.standards[i]);
		for (size_t k = 0; k < p.standards[i].count; k++)
			hold_row(&p, &p.standards[i], &p.standards[i].rows[k]);
	}
	for (size_t i = 0; i < p.analysis.exclude_count; i++) {
		hold_path(p.analysis.excludes[i].what);
		(void)plan_excludes(&p.analysis, p.analysis.excludes[i].what);
	}
	for (size_t i = 0; i < p.analysis.security_relevant.count; i++)
		hold_path(p.analysis.security_relevant.items[i]);
	hold(p.analysis.units != PLAN_UNITS_DATABASE || p.analysis.database != NULL);
	return 0;
}
