/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope.complete: what pipelines refer to, as names that a list can hold.
 */
#include "image.h"
#include "install.h"

/* "owner/name/folder" of a forge: the repository is its first two parts. */
static enum assay_status
refer_action(struct dep_work *w, const struct ci_ref *r, struct dep_place place)
{
	size_t first = strcspn(r->name, "/");
	size_t len = r->name[first] == '/' ? first + 1 + strcspn(r->name + first + 1, "/@") : first;
	const char *name = arena_printf(w->arena, "github.com/%.*s", (int)len, r->name);
	return name != NULL ? dep_refer(w, DEP_REF_REPOSITORY, name, place) : arena_full(w->err);
}

static enum assay_status
refer_part(struct dep_work *w, const struct ci_ref *r)
{
	struct dep_place place = { r->place.file, r->place.line, r->place.column };
	const char *name = r->name != NULL ? r->name : r->text;
	bool docker = r->text != NULL && dep_starts(r->text, "docker://");
	if (r->pin == CI_PIN_OWN || name == NULL || place.file == NULL)
		return ASSAY_OK;
	if (r->kind == CI_REF_IMAGE || docker)
		return image_refer(w, docker ? r->text + strlen("docker://") : r->text, place);
	bool computed = strstr(name, "${{") != NULL;
	if (r->kind == CI_REF_REPOSITORY)
		return computed ? ASSAY_OK : refer_action(w, r, place);
	if (r->kind == CI_REF_ACTION || (r->kind == CI_REF_PIPELINE && dep_starts(place.file, ".github/")))
		return refer_action(w, r, place);
	return dep_is_url(name) ? dep_refer_url(w, DEP_REF_REPOSITORY, name, place) : dep_refer(w, DEP_REF_REPOSITORY, name, place);
}

enum assay_status
install_pipeline_parts(struct dep_work *w, const struct ci_model *ci)
{
	for (const struct ci_ref *r = ci != NULL ? ci->refs : NULL; r != NULL; r = r->next_all)
		TRY(refer_part(w, r));
	return ASSAY_OK;
}
