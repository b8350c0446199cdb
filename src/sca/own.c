/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <sca/own.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_REPORTS_MAX 1000000u
/* Memory of one file's reading. */
#define FILE_MEMORY ((size_t)1 << 30)

/* Out of the memory in which the file was read. */
static enum assay_status
keep(const struct code_reports *found, const char *path, struct arena *arena, struct sca_own_look *look, struct assay_error *err)
{
	look->reports = arena_array(arena, found->count + 1, sizeof *look->reports);
	if (look->reports == NULL)
		return arena_full(err);
	for (size_t i = 0; i < found->count; i++) {
		const struct code_report *r = &found->items[i];
		look->reports[i] = (struct sca_report){ .engine = SCA_OWN, .check = r->rule->id, .message = arena_str(arena, r->message),
			.path = path, .line = r->line, .column = r->column, .level = SCA_WARNING };
		if (look->reports[i].message == NULL)
			return arena_full(err);
	}
	look->count = found->count;
	look->foreign = found->foreign == NULL ? NULL : arena_str(arena, found->foreign);
	look->foreign_line = found->foreign_line;
	return found->foreign != NULL && look->foreign == NULL ? arena_full(err) : ASSAY_OK;
}

enum assay_status
sca_own_look(const struct code_rules *rules, struct assay_span bytes, const char *path, struct arena *arena,
    struct sca_own_look *ret_look, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct code_reports found = { 0 };
	struct sca_own_look look = { 0 };
	*ret_look = look;
	TRY(arena_new(FILE_MEMORY, &scratch) == ASSAY_OK ? ASSAY_OK : arena_full(err));
	/* One over a cap is one that nobody looked at. */
	if (code_check(rules, bytes, path, scratch, &found, NULL) != ASSAY_OK)
		return ASSAY_OK;
	TRY(keep(&found, path, arena, &look, err));
	look.unseen = code_unseen(&found);
	look.read = look.unseen == 0;
	*ret_look = look;
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
		struct sca_own_look look;
		TRY(sca_own_look(rules, snippets->items[i].bytes, snippets->items[i].name, arena, &look, err));
		TRY(add(&s, look.reports, look.count, err));
		if (look.read)
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
