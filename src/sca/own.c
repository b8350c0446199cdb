/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <sca/own.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_REPORTS_MAX 1000000u

enum assay_status
sca_own_reports(const struct code_rules *rules, struct assay_span bytes, const char *path, struct arena *arena,
    struct sca_report **ret_reports, size_t *ret_count, bool *ret_read, struct assay_error *err)
{
	struct code_reports found = { 0 };
	struct assay_error why = { 0 };
	*ret_reports = NULL;
	*ret_count = 0;
	*ret_read = false;
	const enum assay_status status = code_check(rules, bytes, path, arena, &found, &why);
	if (status == ASSAY_E_LIMIT)
		return ASSAY_OK;
	if (status != ASSAY_OK) {
		if (err != NULL)
			*err = why;
		return status;
	}
	struct sca_report *reports = arena_array(arena, found.count + 1, sizeof *reports);
	if (reports == NULL)
		return arena_full(err);
	for (size_t i = 0; i < found.count; i++)
		reports[i] = (struct sca_report){ .engine = SCA_OWN, .check = found.items[i].rule->id, .message = found.items[i].message,
			.path = path, .line = found.items[i].line, .column = found.items[i].column, .level = SCA_WARNING };
	*ret_reports = reports;
	*ret_count = found.count;
	*ret_read = found.read && found.overflow == 0;
	return ASSAY_OK;
}

struct showing {
	struct sca_report *reports; /* own memory, grows */
	size_t count, room;
};

static void
showing_done(struct showing *s)
{
	free(s->reports);
}

static enum assay_status
add(struct showing *s, const struct sca_report *reports, size_t count, struct assay_error *err)
{
	if (count > SHOWN_REPORTS_MAX - s->count)
		return assay_fail(err, ASSAY_E_LIMIT, "the own rules report more than %u places in snippets", SHOWN_REPORTS_MAX);
	if (s->count + count > s->room) {
		const size_t room = 2 * (s->count + count);
		struct sca_report *more = reallocarray(s->reports, room, sizeof *more);
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for what the own rules report");
		s->reports = more;
		s->room = room;
	}
	if (count > 0)
		memcpy(s->reports + s->count, reports, count * sizeof *reports);
	s->count += count;
	return ASSAY_OK;
}

enum assay_status
sca_own_shown(const struct code_rules *rules, const struct sca_snippets *snippets, struct arena *arena,
    struct sca_shown_by *ret_shown, struct assay_error *err)
{
	CLEANUP(showing_done) struct showing s = { 0 };
	const char **names = arena_array(arena, snippets->count + 1, sizeof *names);
	size_t ran = 0;
	if (names == NULL)
		return arena_full(err);
	for (size_t i = 0; i < snippets->count; i++) {
		struct sca_report *reports = NULL;
		size_t count = 0;
		bool read = false;
		TRY(sca_own_reports(rules, snippets->items[i].bytes, snippets->items[i].name, arena, &reports, &count, &read, err));
		TRY(add(&s, reports, count, err));
		if (read)
			names[ran++] = snippets->items[i].name;
	}
	struct sca_report *kept = arena_array(arena, s.count + 1, sizeof *kept);
	if (kept == NULL)
		return arena_full(err);
	if (s.count > 0)
		memcpy(kept, s.reports, s.count * sizeof *kept);
	sca_shown_sort(kept, s.count);
	sca_shown_sort_names(names, ran);
	*ret_shown = (struct sca_shown_by){ SCA_OWN, kept, s.count, names, ran };
	return ASSAY_OK;
}
