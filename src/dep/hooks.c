/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: the hooks of pre-commit, which it clones and installs from where its configuration says.
 */
#include "install.h"

#include <codec/yaml.h>

static const char *
text_of(const struct yaml_node *mapping, const char *key)
{
	const struct yaml_node *n = yaml_get(mapping, key);
	return n != NULL && n->kind == YAML_SCALAR ? n->text : "";
}

/* What a hook asks for beside its repository is named by no lock. */
static enum assay_status
read_hook(struct dep_work *w, const char *file, const struct yaml_node *hook)
{
	const struct yaml_node *more = hook->kind == YAML_MAPPING ? yaml_get(hook, "additional_dependencies") : NULL;
	struct dep_place place = { file, hook->line, hook->column };
	if (CATCH(hook_dependencies, more != NULL && more->first != NULL))
		return dep_find(w, DEP_INSTALL_UNLOCKED, place, text_of(hook, "id"), "the hook '%.100s' installs what no lockfile names",
		    text_of(hook, "id"));
	return ASSAY_OK;
}

static enum assay_status
read_repository(struct dep_work *w, const char *file, const struct yaml_node *r)
{
	struct dep_place place = { file, r->line, r->column };
	if (r->kind != YAML_MAPPING)
		return assay_fail(w->err, ASSAY_E_FORMAT, "a repository of hooks isn't written as one");
	const char *url = text_of(r, "repo");
	const struct yaml_node *hooks = yaml_get(r, "hooks");
	bool own = strcmp(url, "local") == 0 || strcmp(url, "meta") == 0;
	dep_judged(w, DEP_INSTALL, "repositories of hooks");
	if (!own && dep_is_url(url))
		TRY(dep_refer_url(w, DEP_REF_REPOSITORY, url, place));
	if (CATCH(hook_unpinned, !own && !dep_full_id(text_of(r, "rev"))))
		TRY(dep_find(w, DEP_CLONE_UNPINNED, place, url, "hooks come from '%.200s' at '%.100s', which can move", url,
		    *text_of(r, "rev") != '\0' ? text_of(r, "rev") : "whatever is there"));
	for (const struct yaml_node *n = hooks != NULL && hooks->kind == YAML_SEQUENCE ? hooks->first : NULL; n != NULL; n = n->next)
		TRY(read_hook(w, file, n));
	return ASSAY_OK;
}

enum assay_status
install_read_hooks(struct dep_work *w, const struct source_file *f)
{
	struct yaml_node *root;
	TRY(yaml_parse_loose(f->bytes, f->path, w->arena, &root, w->err));
	const struct yaml_node *list = root->kind == YAML_MAPPING ? yaml_get(root, "repos") : NULL;
	if (list == NULL || list->kind != YAML_SEQUENCE || root->next != NULL)
		return assay_fail(w->err, ASSAY_E_FORMAT, "it has no list of repositories");
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next)
		TRY(read_repository(w, f->path, n));
	return ASSAY_OK;
}
