/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: YAML of any name. What a document is, its own keys say: a manifest of Kubernetes, a list of Kustomize, the values of
 * a Helm chart, or services as compose has them. Images that a cluster starts come into the product as any others.
 */
#include "image.h"

#include <codec/yaml.h>

#define NESTED_MAX YAML_DEPTH_MAX

struct manifest {
	struct dep_work *w;
	const char *file;
	bool values; /* of a chart: not a manifest itself */
};

static const char *
scalar(const struct yaml_node *mapping, const char *key)
{
	const struct yaml_node *n = mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
	return n != NULL && n->kind == YAML_SCALAR && !yaml_is_null(n) ? n->text : NULL;
}

static bool
is_among(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++) {
		if (strcmp(list[i], word) == 0)
			return true;
	}
	return false;
}

/* ---- one reference ---- */

static enum assay_status
unclear(const struct manifest *m, const struct yaml_node *n, const char *text)
{
	struct dep_place place = { m->file, n->line, n->column };
	dep_judged(m->w, DEP_IMAGES, "images");
	if (!CATCH(manifest_unclear, true))
		return ASSAY_OK;
	return dep_find(m->w, DEP_IMAGE_UNCLEAR, place, NULL, "which image '%.200s' is can't be told from the file", text);
}

static enum assay_status
check(const struct manifest *m, const struct yaml_node *n, const char *image)
{
	struct dep_place place = { m->file, n->line, n->column };
	/* "{{ .Values.image }}", "$(params.image)", "${IMAGE}" */
	if (strpbrk(image, "{}$") != NULL || *image == '\0')
		return unclear(m, n, image);
	return image_check(m->w, image, place);
}

/* "repository", "tag" and "digest" apart, as charts have them. */
static enum assay_status
check_parts(const struct manifest *m, const struct yaml_node *n)
{
	const char *registry = scalar(n, "registry"), *name = scalar(n, "repository");
	const char *tag = scalar(n, "tag"), *digest = scalar(n, "digest");
	bool pinned = digest != NULL && *digest != '\0', tagged = tag != NULL && *tag != '\0';
	if (name == NULL || *name == '\0')
		return unclear(m, n, "");
	const char *image = arena_printf(m->w->arena, "%s%s%s%s%s%s%s", registry != NULL ? registry : "",
	    registry != NULL && *registry != '\0' ? "/" : "", name, tagged ? ":" : "", tagged ? tag : "", pinned ? "@" : "",
	    pinned ? digest : "");
	return image != NULL ? check(m, n, image) : arena_full(m->w->err);
}

/* ---- walking ---- */

/* Keys of what a cluster starts: of Pods and whatever makes them, of Tekton, of Argo. */
static const char *const lists[] = { "containers", "initContainers", "ephemeralContainers", "steps", "sidecars" };
static const char *const singles[] = { "container", "script", "stepTemplate" };

static bool
names_image(const char *key)
{
	return strcmp(key, "image") == 0 || dep_ends(key, "Image");
}

static enum assay_status
read_image(const struct manifest *m, const struct yaml_node *n, bool started)
{
	if (n->kind == YAML_MAPPING) {
		const struct yaml_node *reference = yaml_get(n, "reference");
		if (reference != NULL && reference->kind == YAML_SCALAR)
			return check(m, reference, reference->text);
		return yaml_get(n, "repository") != NULL ? check_parts(m, n) : ASSAY_OK;
	}
	bool known = started || m->values;
	if (n->kind != YAML_SCALAR || (!known && strcmp(n->key, "image") != 0) || (!started && yaml_is_null(n)))
		return ASSAY_OK;
	/* Somewhere else in a manifest: what it is used for isn't known. */
	return known || strstr(n->text, "@sha256:") != NULL ? check(m, n, n->text) : unclear(m, n, n->text);
}

/* Definitions of kinds and stored text start nothing. */
static bool
is_other_kind(const struct yaml_node *n)
{
	static const char *const kinds[] = { "CustomResourceDefinition", "ConfigMap", "Secret" };
	return scalar(n, "apiVersion") != NULL && is_among(scalar(n, "kind"), kinds, sizeof kinds / sizeof kinds[0]);
}

/* key: of the mapping, or of the list that it stands in. */
static enum assay_status
walk(const struct manifest *m, const struct yaml_node *n, const char *key, bool listed, unsigned depth)
{
	bool started = listed ? is_among(key, lists, sizeof lists / sizeof lists[0]) : is_among(key, singles, sizeof singles / sizeof singles[0]);
	if (depth > NESTED_MAX)
		return assay_fail(m->w->err, ASSAY_E_LIMIT, "it is nested deeper than is read");
	if (n->kind == YAML_MAPPING && is_other_kind(n))
		return ASSAY_OK;
	for (const struct yaml_node *c = n->kind != YAML_SCALAR ? n->first : NULL; c != NULL; c = c->next) {
		bool item = n->kind == YAML_SEQUENCE;
		if (!item && names_image(c->key))
			TRY(read_image(m, c, started));
		TRY(walk(m, c, item ? key : c->key, item, depth + 1));
	}
	return ASSAY_OK;
}

/* ---- Kustomize ---- */

/* "images:" gives other names, tags and digests to the images of manifests. */
static enum assay_status
read_replacement(const struct manifest *m, const struct yaml_node *n)
{
	const char *name = scalar(n, "newName"), *tag = scalar(n, "newTag"), *digest = scalar(n, "digest");
	name = name != NULL ? name : scalar(n, "name");
	/* Of what has a new name alone the manifest says the rest. */
	if (tag == NULL && digest == NULL)
		return ASSAY_OK;
	const char *image = arena_printf(m->w->arena, "%s%s%s", name != NULL ? name : "", digest != NULL ? "@" : ":",
	    digest != NULL ? digest : tag);
	return image != NULL ? check(m, n, image) : arena_full(m->w->err);
}

/* What is taken from elsewhere brings images of its own. */
static enum assay_status
read_elsewhere(const struct manifest *m, const struct yaml_node *list)
{
	for (const struct yaml_node *n = list != NULL && list->kind == YAML_SEQUENCE ? list->first : NULL; n != NULL; n = n->next) {
		bool elsewhere = n->kind == YAML_SCALAR && (strstr(n->text, "://") != NULL || strstr(n->text, "?ref=") != NULL
		    || dep_starts(n->text, "github.com/") || dep_starts(n->text, "git@"));
		struct dep_place place = { m->file, n->line, n->column };
		if (CATCH(manifest_elsewhere, elsewhere || n->kind == YAML_MAPPING))
			TRY(dep_find(m->w, DEP_IMAGE_UNCLEAR, place, NULL, "it takes in '%.200s', and the images of that aren't seen",
			    n->kind == YAML_SCALAR ? n->text : scalar(n, "name") != NULL ? scalar(n, "name") : "a chart"));
	}
	return ASSAY_OK;
}

static enum assay_status
read_kustomization(const struct manifest *m, const struct yaml_node *root)
{
	const struct yaml_node *images = yaml_get(root, "images");
	for (const struct yaml_node *n = images != NULL && images->kind == YAML_SEQUENCE ? images->first : NULL; n != NULL; n = n->next)
		TRY(read_replacement(m, n));
	TRY(read_elsewhere(m, yaml_get(root, "resources")));
	TRY(read_elsewhere(m, yaml_get(root, "bases")));
	TRY(read_elsewhere(m, yaml_get(root, "components")));
	return read_elsewhere(m, yaml_get(root, "helmCharts"));
}

/* ---- documents ---- */

static bool
is_services(const struct yaml_node *root)
{
	const struct yaml_node *services = yaml_get(root, "services");
	for (const struct yaml_node *n = services != NULL && services->kind == YAML_MAPPING ? services->first : NULL; n != NULL; n = n->next) {
		if (n->kind == YAML_MAPPING && (yaml_get(n, "image") != NULL || yaml_get(n, "build") != NULL))
			return true;
	}
	return false;
}

static enum assay_status
read_document(struct manifest *m, const struct yaml_node *root)
{
	const char *base = dep_base(m->file), *kind = scalar(root, "kind");
	bool kustomize = dep_starts(base, "kustomization.") || strcmp(base, "Kustomization") == 0;
	bool manifest = scalar(root, "apiVersion") != NULL && kind != NULL;
	if (root->kind != YAML_MAPPING)
		return ASSAY_OK;
	if (kustomize || (manifest && (strcmp(kind, "Kustomization") == 0 || strcmp(kind, "Component") == 0)))
		return read_kustomization(m, root);
	if (strcmp(base, "Chart.yaml") == 0 || strcmp(base, "requirements.yaml") == 0)
		return read_elsewhere(m, yaml_get(root, "dependencies"));
	m->values = !manifest && strstr(base, "values") != NULL;
	if (manifest || m->values)
		return walk(m, root, "", false, 0);
	return is_services(root) ? compose_document(m->w, m->file, root) : ASSAY_OK;
}

/* ---- what isn't YAML until it is filled in ---- */

static bool
is_of_chart(const struct manifest *m)
{
	const char *templates = strstr(m->file, "templates/");
	if (templates == NULL || (templates > m->file && templates[-1] != '/'))
		return false;
	size_t n = (size_t)(templates - m->file);
	for (size_t i = 0; i < m->w->sources->count; i++) {
		const char *path = m->w->sources->files[i].path;
		if (strncmp(path, m->file, n) == 0 && strcmp(path + n, "Chart.yaml") == 0)
			return true;
	}
	return false;
}

/* Whether a line begins as one of a manifest does. */
static bool
looks_like_one(struct assay_span bytes)
{
	static const char *const keys[] = { "apiVersion:", "image:", "containers:", "newTag:" };
	const char *at = (const char *)bytes.data, *end = at + bytes.len;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const size_t len = (size_t)((stop != NULL ? stop : end) - at);
		size_t skip = 0;
		while (skip < len && strchr(" \t-\"'", at[skip]) != NULL && at[skip] != '\0')
			skip++;
		for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
			if (len - skip >= strlen(keys[i]) && memcmp(at + skip, keys[i], strlen(keys[i])) == 0)
				return true;
		}
		at += len + 1;
	}
	return false;
}

enum assay_status
manifest_read(struct dep_work *w, const struct source_file *f)
{
	struct manifest m = { .w = w, .file = f->path };
	struct yaml_node *root = NULL;
	enum assay_status status = yaml_parse_loose(f->bytes, f->path, w->arena, &root, w->err);
	if (status == ASSAY_E_MEMORY)
		return status;
	if (CATCH(manifest_unparsed, status != ASSAY_OK && (is_of_chart(&m) || looks_like_one(f->bytes))))
		return status;
	if (status != ASSAY_OK)
		assay_error_clear(w->err);
	for (const struct yaml_node *n = root; n != NULL; n = n->next)
		TRY(read_document(&m, n));
	return ASSAY_OK;
}
