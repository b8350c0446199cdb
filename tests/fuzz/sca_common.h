/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of every output that was read, whatever engine wrote it. */
#pragma once

#include <base/cleanup.h>
#include <base/text.h>
#include <sca/report.h>
#include <stdint.h>
#include <string.h>

static inline void
check_path(const char *path, bool outside)
{
	if (path == NULL)
		__builtin_trap();
	if (outside)
		return;
	if (path[0] == '\0' || path[0] == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 || strstr(path, "/../") != NULL)
		__builtin_trap();
	for (const char *p = path; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			__builtin_trap();
	}
}

static inline void
check_reading(const struct sca_reading *r)
{
	size_t errors = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct sca_report *x = &r->reports[i];
		/* A report without a place says so by an empty path. */
		check_path(x->path, x->outside || x->path[0] == '\0');
		if (x->check == NULL || x->suppression == NULL || !text_is_utf8(assay_span_str(x->message)))
			__builtin_trap();
		for (size_t j = 0; j < x->step_count; j++) {
			check_path(x->steps[j].path, x->steps[j].outside || x->steps[j].path[0] == '\0');
			if (x->steps[j].message == NULL)
				__builtin_trap();
		}
		errors += x->is_broken;
	}
	if (errors > 0 && r->broken == NULL)
		__builtin_trap();
}

static inline int
fuzz_reader(sca_reader *reader, const uint8_t *data, size_t size)
{
	static const char *const roots[] = { "file:///src/", "/src/", NULL };
	const struct sca_input in = { "engine", { data, size }, roots, "lib" };
	struct assay_error err = { 0 };
	struct sca_reading r;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(512u << 20, &arena) != ASSAY_OK)
		return 0;
	if (reader(&in, arena, &r, &err) == ASSAY_OK)
		check_reading(&r);
	else if (err.what[0] == '\0')
		__builtin_trap();
	return 0;
}
