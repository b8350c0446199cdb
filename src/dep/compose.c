/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: compose files: the images of their services, and those that builds are given.
 */
#include "image.h"

#include <codec/yaml.h>

/* "${NAME:-default}" is its default, as an image file's ARG is. */
static char *
fill_in(struct dep_work *w, const char *text)
{
	struct docker *d = arena_alloc(w->arena, sizeof *d);
	if (d == NULL)
		return NULL;
	d->w = w;
	return docker_expand(d, text);
}

static enum assay_status
check(struct dep_work *w, const char *file, const struct yaml_node *n, const char *text)
{
	struct dep_place place = { file, n->line, n->column };
	const char *image = fill_in(w, text);
	if (image != NULL)
		return image_check(w, image, place);
	dep_judged(w, DEP_IMAGES, "images");
	if (!CATCH(compose_unclear, true))
		return ASSAY_OK;
	return dep_find(w, DEP_IMAGE_UNCLEAR, place, NULL, "which image '%.200s' is can't be told from the file", text);
}

/* additional_contexts: "docker-image://IMAGE" among them. */
static enum assay_status
read_build(struct dep_work *w, const char *file, const struct yaml_node *build)
{
	const struct yaml_node *contexts = build->kind == YAML_MAPPING ? yaml_get(build, "additional_contexts") : NULL;
	struct dep_place place = { file, build->line, build->column };
	if (build->kind == YAML_MAPPING && yaml_get(build, "dockerfile_inline") != NULL && CATCH(compose_inline, true))
		TRY(dep_find(w, DEP_IMAGE_UNCLEAR, place, NULL, "an image file inside of a compose file isn't read"));
	for (const struct yaml_node *n = contexts != NULL ? contexts->first : NULL; n != NULL; n = n->next) {
		const char *found = n->kind == YAML_SCALAR ? strstr(n->text, "docker-image://") : NULL;
		if (found != NULL)
			TRY(check(w, file, n, found + strlen("docker-image://")));
	}
	return ASSAY_OK;
}

/* An image file of a name that isn't looked for. */
static enum assay_status
read_dockerfile(struct dep_work *w, const char *file, const struct yaml_node *build)
{
	const struct yaml_node *n = build->kind == YAML_MAPPING ? yaml_get(build, "dockerfile") : NULL;
	if (n == NULL)
		return ASSAY_OK;
	struct dep_place place = { file, n->line, n->column };
	const char *name = n->kind == YAML_SCALAR ? fill_in(w, n->text) : NULL;
	if (CATCH(compose_dockerfile, name == NULL || !docker_named(name)))
		return dep_find(w, DEP_IMAGE_UNCLEAR, place, NULL, "'%.200s' is not a name that image files are looked for by",
		    n->kind == YAML_SCALAR ? n->text : "");
	return ASSAY_OK;
}

static enum assay_status
read_service(struct dep_work *w, const char *file, const struct yaml_node *service)
{
	const struct yaml_node *image = yaml_get(service, "image"), *build = yaml_get(service, "build");
	struct dep_place place = { file, service->line, service->column };
	if (build != NULL) {
		/* The image's name is what the build is called then. */
		dep_judged(w, DEP_IMAGES, "services built here");
		TRY(read_dockerfile(w, file, build));
		return read_build(w, file, build);
	}
	if (image != NULL && image->kind == YAML_SCALAR)
		return check(w, file, image, image->text);
	if (CATCH(compose_no_image, true))
		return dep_find(w, DEP_IMAGE_UNCLEAR, place, NULL, "the service '%.100s' names no image here",
		    service->key != NULL ? service->key : "");
	return ASSAY_OK;
}

enum assay_status
compose_document(struct dep_work *w, const char *file, const struct yaml_node *root)
{
	struct dep_place place = { file, 0, 0 };
	const struct yaml_node *services = root->kind == YAML_MAPPING ? yaml_get(root, "services") : NULL;
	const struct yaml_node *include = root->kind == YAML_MAPPING ? yaml_get(root, "include") : NULL;
	bool formed = root->next == NULL && (services == NULL || services->kind == YAML_MAPPING) && include == NULL;
	if (CATCH(compose_form, !formed || services == NULL))
		TRY(dep_find(w, DEP_IMAGE_FORM, place, NULL, "it has no services, or takes in other files"));
	for (const struct yaml_node *n = formed && services != NULL ? services->first : NULL; n != NULL; n = n->next) {
		if (n->kind == YAML_MAPPING)
			TRY(read_service(w, file, n));
	}
	return ASSAY_OK;
}

enum assay_status
compose_read(struct dep_work *w, const struct source_file *f)
{
	struct yaml_node *root;
	TRY(yaml_parse_loose(f->bytes, f->path, w->arena, &root, w->err));
	return compose_document(w, f->path, root);
}
