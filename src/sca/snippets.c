/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/embedded.h>
#include <sca/snippets.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded_file snippet_files[];

#define MARK "/* fault */"

bool
sca_is_snippet(const char *path)
{
	return strncmp(path, SCA_SNIPPET_FOLDER, sizeof SCA_SNIPPET_FOLDER - 1) == 0;
}

static bool
is_marked(struct assay_span line)
{
	const size_t mark = sizeof MARK - 1;
	return line.len >= mark && memcmp(line.data + line.len - mark, MARK, mark) == 0;
}

static enum assay_status
find_faults(struct sca_snippet *s, struct arena *arena, struct assay_error *err)
{
	uint32_t *faults = NULL;
	for (int pass = 0; pass < 2; pass++) {
		uint32_t number = 1;
		s->fault_count = 0;
		for (size_t at = 0; at < s->bytes.len; number++) {
			const unsigned char *from = s->bytes.data + at;
			const unsigned char *end = memchr(from, '\n', s->bytes.len - at);
			const size_t len = end == NULL ? s->bytes.len - at : (size_t)(end - from);
			if (is_marked((struct assay_span){ from, len })) {
				if (faults != NULL)
					faults[s->fault_count] = number;
				s->fault_count++;
			}
			at += len + 1;
		}
		if (faults == NULL && (faults = arena_array(arena, s->fault_count + 1, sizeof *faults)) == NULL)
			return arena_full(err);
	}
	s->faults = faults;
	return ASSAY_OK;
}

/* "cert-c/ARR30-C/bad-loop.c" */
static enum assay_status
take_name(struct sca_snippet *s, struct arena *arena, struct assay_error *err)
{
	const char *first = strchr(s->name, '/');
	const char *second = first == NULL ? NULL : strchr(first + 1, '/');
	if (second == NULL || strchr(second + 1, '/') != NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "snippet '%s' isn't STANDARD/RULE/FILE", s->name);
	s->bad = strncmp(second + 1, "bad-", 4) == 0;
	if (!s->bad && strncmp(second + 1, "good-", 5) != 0)
		return assay_fail(err, ASSAY_E_INTERNAL, "snippet '%s' is neither bad nor good by its name", s->name);
	s->standard = arena_printf(arena, "%.*s", (int)(first - s->name), s->name);
	s->rule = arena_printf(arena, "%.*s", (int)(second - first - 1), first + 1);
	return s->standard == NULL || s->rule == NULL ? arena_full(err) : ASSAY_OK;
}

static int
compare_snippets(const void *a, const void *b)
{
	return strcmp(((const struct sca_snippet *)a)->name, ((const struct sca_snippet *)b)->name);
}

static enum assay_status
take_built_in(struct sca_snippet *items, size_t count, struct arena *arena, struct assay_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct sca_snippet *s = &items[i];
		*s = (struct sca_snippet){ .name = snippet_files[i].name, .bytes = { snippet_files[i].data, snippet_files[i].len } };
		TRY(take_name(s, arena, err));
		TRY(find_faults(s, arena, err));
		if (s->bad != (s->fault_count > 0))
			return assay_fail(err, ASSAY_E_INTERNAL, "snippet '%s' has %s line at fault", s->name, s->bad ? "no" : "a");
		TRY(assay_sha256(s->bytes, s->sha256));
	}
	return ASSAY_OK;
}

/* Those of a folder "assay/snippets/own/", sorted as the tree is. */
static enum assay_status
take_tree(const struct sources *tree, const struct sca_snippets *known, struct sca_snippet *items, size_t *count,
    struct arena *arena, struct assay_error *err)
{
	const size_t folder = sizeof SCA_SNIPPET_FOLDER - 1;
	const struct source_file *file = sources_under(tree, SCA_SNIPPET_FOLDER);
	for (; file != NULL && file < tree->files + tree->count && sca_is_snippet(file->path); file++) {
		struct sca_snippet s = { .name = file->path + folder, .bytes = file->bytes };
		struct assay_error why = { 0 };
		if (!file->has_bytes || sca_snippet_find(known, s.name) != NULL)
			continue;
		const enum assay_status status = take_name(&s, arena, &why);
		if (status == ASSAY_E_MEMORY)
			return arena_full(err);
		if (status != ASSAY_OK)
			continue;
		if (*count == SCA_SNIPPETS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "there are more than %d snippets", SCA_SNIPPETS_MAX);
		TRY(find_faults(&s, arena, err));
		TRY(assay_sha256(s.bytes, s.sha256));
		items[(*count)++] = s;
	}
	return ASSAY_OK;
}

enum assay_status
sca_snippets_load(const struct sources *tree, struct arena *arena, const struct sca_snippets **ret_snippets,
    struct assay_error *err)
{
	size_t count = 0;
	while (snippet_files[count].name != NULL)
		count++;
	struct sca_snippets *all = arena_alloc(arena, sizeof *all);
	struct sca_snippet *items = arena_array(arena, (tree == NULL ? count : SCA_SNIPPETS_MAX) + 1, sizeof *items);
	if (all == NULL || items == NULL)
		return arena_full(err);
	TRY(take_built_in(items, count, arena, err));
	*all = (struct sca_snippets){ items, count };
	if (tree != NULL) {
		TRY(take_tree(tree, all, items, &count, arena, err));
		qsort(items, count, sizeof *items, compare_snippets);
		all->count = count;
	}
	*ret_snippets = all;
	return ASSAY_OK;
}

const struct plan_row *
sca_snippet_row(const struct sca_snippet *s, const struct plan *plan)
{
	const struct plan_standard *standard = plan_standard(plan, s->standard);
	return standard == NULL ? NULL : plan_row(standard, s->rule);
}

enum assay_status
sca_snippets_for(const struct sca_snippets *s, const struct plan *plan, const char *engine, struct arena *arena,
    struct sca_snippets *ret_some, struct assay_error *err)
{
	struct sca_snippet *some = arena_array(arena, s->count + 1, sizeof *some);
	size_t count = 0;
	if (some == NULL)
		return arena_full(err);
	for (size_t i = 0; i < s->count; i++) {
		const struct plan_row *row = sca_snippet_row(&s->items[i], plan);
		if (row != NULL && plan_row_needs(row, engine))
			some[count++] = s->items[i];
	}
	*ret_some = (struct sca_snippets){ some, count };
	return ASSAY_OK;
}

const struct sca_snippet *
sca_snippets_of(const struct sca_snippets *s, const char *standard, const char *rule, size_t *ret_count)
{
	const struct sca_snippet *first = NULL;
	*ret_count = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->items[i].standard, standard) != 0 || strcmp(s->items[i].rule, rule) != 0)
			continue;
		first = first == NULL ? &s->items[i] : first;
		++*ret_count;
	}
	return first;
}

const struct sca_snippet *
sca_snippet_find(const struct sca_snippets *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->items[i].name, name) == 0)
			return &s->items[i];
	return NULL;
}

bool
sca_snippet_is_fault(const struct sca_snippet *s, uint32_t line)
{
	for (size_t i = 0; i < s->fault_count; i++)
		if (s->faults[i] == line)
			return true;
	return false;
}
