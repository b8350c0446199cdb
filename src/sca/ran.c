/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/ran.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A path and a pass. */
#define LOOKED_MAX 8192

enum assay_status
sca_rans_read(struct assay_span member, const char *name, const char *engine, struct arena *arena,
    struct sca_rans *ret_rans, struct assay_error *err)
{
	struct sca_output output = { 0 };
	*ret_rans = (struct sca_rans){ 0 };
	if (member.data == NULL)
		return ASSAY_OK;
	TRY(sca_output_read(member, name, arena, &output, err));
	struct sca_ran *rans = arena_array(arena, output.count + 1, sizeof *rans);
	if (rans == NULL)
		return arena_full(err);
	for (size_t i = 0; i < output.count; i++) {
		rans[i] = (struct sca_ran){ .run = &output.runs[i] };
		TRY(sca_run_read(&output.runs[i], engine, arena, &rans[i].reading, &rans[i].state, &rans[i].why, err));
	}
	*ret_rans = (struct sca_rans){ rans, output.count };
	return ASSAY_OK;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
has_text(const char *const *sorted, size_t count, const char *text)
{
	return count > 0 && bsearch(&text, sorted, count, sizeof sorted[0], compare_texts) != NULL;
}

/* Units by pass of runs that ended well, or of the others. */
static enum assay_status
list_looks(const struct sca_rans *rans, bool good, struct arena *arena, struct sca_looked *ret_list, struct assay_error *err)
{
	struct sca_looked l = { 0 };
	size_t most = 0;
	for (size_t i = 0; i < rans->count; i++)
		most += rans->items[i].run->unit_count;
	l.items = arena_array(arena, most + 1, sizeof *l.items);
	if (l.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < rans->count; i++) {
		const struct sca_ran *r = &rans->items[i];
		for (size_t k = 0; (r->state == SCA_RAN) == good && k < r->run->unit_count; k++) {
			l.items[l.count] = arena_printf(arena, "%s\n%s", r->run->units[k], r->run->pass);
			if (l.items[l.count++] == NULL)
				return arena_full(err);
		}
	}
	sca_shown_sort_names(l.items, l.count);
	*ret_list = l;
	return ASSAY_OK;
}

/* A file that is in several units was looked at when all of them were. */
enum assay_status
sca_looked_of(const struct sca_rans *rans, struct arena *arena, struct sca_looked *ret_looked, struct assay_error *err)
{
	struct sca_looked l, failed;
	size_t kept = 0;
	TRY(list_looks(rans, true, arena, &l, err));
	TRY(list_looks(rans, false, arena, &failed, err));
	for (size_t i = 0; i < l.count; i++) {
		if (!CATCH(unit_looked_at_in_part, has_text(failed.items, failed.count, l.items[i])))
			l.items[kept++] = l.items[i];
	}
	l.count = kept;
	*ret_looked = l;
	return ASSAY_OK;
}

bool
sca_looked_at(const struct sca_looked *l, const struct sca_options *options, const char *path)
{
	char text[LOOKED_MAX];
	for (size_t i = 0; i < options->pass_count; i++) {
		const int n = snprintf(text, sizeof text, "%s\n%s", path, options->passes[i].name);
		if (n < 0 || (size_t)n >= sizeof text || !has_text(l->items, l->count, text))
			return false;
	}
	return options->pass_count > 0;
}

enum assay_status
sca_shown_of(const struct sca_rans *rans, const struct sca_options *options, struct arena *arena,
    struct sca_shown_by *ret_shown, struct assay_error *err)
{
	struct sca_looked looked = { 0 };
	size_t reports = 0, names = 0, count = 0;
	TRY(sca_looked_of(rans, arena, &looked, err));
	for (size_t i = 0; i < rans->count; i++)
		reports += rans->items[i].reading.count;
	struct sca_report *all = arena_array(arena, reports + 1, sizeof *all);
	const char **ran = arena_array(arena, looked.count + 1, sizeof *ran);
	if (all == NULL || ran == NULL)
		return arena_full(err);
	for (size_t i = 0; i < rans->count; i++)
		for (size_t k = 0; k < rans->items[i].reading.count; k++)
			all[count++] = rans->items[i].reading.reports[k];
	/* Entries of one path stand together; the last of them says whether all passes are there. */
	for (size_t i = 0; i < looked.count; i++) {
		const char *end = strchr(looked.items[i], '\n');
		const char *path = arena_printf(arena, "%.*s", (int)(end - looked.items[i]), looked.items[i]);
		if (path == NULL)
			return arena_full(err);
		if ((names == 0 || strcmp(ran[names - 1], path) != 0) && sca_looked_at(&looked, options, path))
			ran[names++] = path;
	}
	sca_shown_sort(all, count);
	sca_shown_sort_names(ran, names);
	*ret_shown = (struct sca_shown_by){ options->engine, all, count, ran, names };
	return ASSAY_OK;
}
