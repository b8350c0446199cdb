/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: CMake's presets, as far as they have something else built than what is pinned.
 */
#include "fetch.h"

#include <codec/jsontree.h>

static enum assay_status
read_variables(struct dep_work *w, const char *file, const struct jsontree *variables)
{
	for (const struct jsontree *n = variables != NULL && variables->kind == JSONTREE_OBJECT ? variables->first : NULL; n != NULL; n = n->next) {
		struct dep_place place = { file, n->line, n->column };
		bool overrides = dep_starts(n->key, "FETCHCONTENT_SOURCE_DIR_") || (dep_starts(n->key, "CPM_") && dep_ends(n->key, "_SOURCE"));
		if (CATCH(presets_override, overrides))
			TRY(dep_find(w, DEP_FETCH_OVERRIDDEN, place, n->key, "'%.100s' has something else built than what is pinned", n->key));
	}
	return ASSAY_OK;
}

enum assay_status
presets_read(struct dep_work *w, const struct source_file *f)
{
	struct jsontree *root = NULL;
	TRY(jsontree_parse(f->bytes, f->path, w->arena, &root, w->err));
	const struct jsontree *presets = jsontree_get(root, "configurePresets"), *include = jsontree_get(root, "include");
	for (const struct jsontree *n = presets != NULL && presets->kind == JSONTREE_ARRAY ? presets->first : NULL; n != NULL; n = n->next)
		TRY(read_variables(w, f->path, jsontree_get(n, "cacheVariables")));
	if (CATCH(presets_include, include != NULL && include->kind == JSONTREE_ARRAY && include->first != NULL)) {
		struct dep_place place = { f->path, include->line, include->column };
		return dep_find(w, DEP_FETCH_UNCLEAR, place, NULL, "it takes in presets of other files, which aren't read");
	}
	return ASSAY_OK;
}
