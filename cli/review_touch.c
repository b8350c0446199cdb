/* SPDX-License-Identifier: Apache-2.0 */
#include "review_start.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <policy/owners.h>
#include <sca/deviation.h>
#include <string.h>

#define NAMES_MAX 500

static enum assay_status
add_name(struct review_job *x, struct yaml_strings *names, const char *name, struct assay_error *err)
{
	if (names->items == NULL)
		names->items = arena_array(x->w.arena, NAMES_MAX, sizeof names->items[0]);
	if (names->items == NULL || name == NULL)
		return arena_full(err);
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return ASSAY_OK;
	}
	if (names->count < NAMES_MAX && text_is_utf8(assay_span_str(name)))
		names->items[names->count++] = name;
	return ASSAY_OK;
}

static enum assay_status
owners_in(struct review_job *x, const struct owners_file *f, const char *path, struct review *r, struct assay_error *err)
{
	for (size_t i = 0; i < f->section_count; i++) {
		const struct owners_rule *rule = owners_decides(f, i, path);
		for (size_t k = 0; rule != NULL && k < rule->owners.count; k++)
			TRY(add_name(x, &r->owners, rule->owners.items[k], err));
	}
	return ASSAY_OK;
}

/* Of each forge that an owners file is there for, as the forge reads it. */
enum assay_status
review_owners(struct review_job *x, const struct tree *t, struct review *r, struct assay_error *err)
{
	for (unsigned d = 0; d < 2; d++) {
		const struct source_file *f = NULL;
		struct owners_file owners;
		for (size_t i = 0; i < OWNERS_PLACES && f == NULL; i++)
			f = sources_find(&t->sources, owners_places[d][i]);
		if (f == NULL || !f->has_bytes || owners_parse(f->bytes, (enum owners_dialect)d, x->w.arena, &owners, NULL) != ASSAY_OK)
			continue;
		for (size_t i = 0; i < r->file_count; i++)
			TRY(owners_in(x, &owners, r->files[i].path, r, err));
	}
	return ASSAY_OK;
}

static bool
is_about(const struct sca_deviation *d, const struct review *r)
{
	for (size_t i = 0; i < d->scope_count; i++) {
		for (size_t k = 0; k < r->file_count; k++) {
			const char *path = r->files[k].path;
			if (d->permit ? text_match(assay_span_str(d->scope[i].path), assay_span_str(path)) : strcmp(d->scope[i].path, path) == 0)
				return true;
		}
	}
	return false;
}

enum assay_status
review_deviations(struct review_job *x, const struct tree *t, struct review *r, struct assay_error *err)
{
	const struct source_file *end = t->sources.files + t->sources.count;
	for (const struct source_file *f = sources_under(&t->sources, SCA_DEVIATION_FOLDER);
	     f != NULL && f < end && strncmp(f->path, SCA_DEVIATION_FOLDER, strlen(SCA_DEVIATION_FOLDER)) == 0; f++) {
		struct sca_deviation d;
		if (!f->has_bytes || !sca_deviation_is(f->bytes)
		    || sca_deviation_parse(f->bytes, f->path, x->w.arena, &d, NULL) != ASSAY_OK || !is_about(&d, r))
			continue;
		TRY(add_name(x, &r->deviations, arena_printf(x->w.arena, "%s (%s)", f->path, d.rule), err));
	}
	return ASSAY_OK;
}
