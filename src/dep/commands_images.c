/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images and ci.pinned: images that commands run, pull and build from. All are collected first, for what one script builds
 * another may run.
 */
#include "image.h"
#include "install.h"

#include <codec/shell_images.h>

/* Of a tree; what is beyond is said. */
#define IMAGES_MAX 2000

struct dep_image {
	struct shell_image is;
	struct dep_place place;
	const struct ci_job *job; /* NULL: outside of pipelines */
	size_t script;            /* counts: those of one script share it */
	bool own;                 /* made from what this repository builds, or from a digest */
	struct dep_image *next;
};

struct dep_images {
	struct dep_image *first, **end;
	size_t count, scripts;
};

static enum assay_status
keep(struct dep_work *w, const char **text)
{
	if (*text == NULL)
		return ASSAY_OK;
	*text = arena_str(w->keep, *text);
	return *text != NULL ? ASSAY_OK : arena_full(w->err);
}

static enum assay_status
begin(struct dep_work *w)
{
	if (w->images == NULL) {
		w->images = arena_alloc(w->keep, sizeof *w->images);
		if (w->images == NULL)
			return arena_full(w->err);
		w->images->end = &w->images->first;
	}
	w->images->scripts++;
	return ASSAY_OK;
}

static enum assay_status
note(struct dep_work *w, const struct shell_image *i, struct dep_place at, bool block)
{
	struct dep_images *all = w->images;
	if (all->count == IMAGES_MAX)
		return ASSAY_OK;
	struct dep_image *kept = arena_alloc(w->keep, sizeof *kept);
	if (kept == NULL)
		return arena_full(w->err);
	*kept = (struct dep_image){ *i, at, w->job, all->scripts, i->kind == SHELL_IMAGE_MADE, NULL };
	const char **texts[] = { &kept->is.text, &kept->is.from, &kept->is.key, &kept->is.shown, &kept->is.input, &kept->place.file };
	for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
		TRY(keep(w, texts[k]));
	if (block && i->line > 1) {
		kept->place.line += i->line - 1;
		kept->place.column = i->column;
	}
	*all->end = kept;
	all->end = &kept->next;
	all->count++;
	return ASSAY_OK;
}

enum assay_status
install_images(struct dep_work *w, const struct shell_script *script, struct dep_place at, bool block)
{
	const struct shell_image *first = NULL;
	TRY(begin(w));
	enum assay_status status = shell_find_images(script, w->arena, &first, w->err);
	if (status == ASSAY_E_LIMIT) {
		assay_error_clear(w->err);
		return dep_find(w, DEP_IMAGE_UNREAD, at, NULL, "a script names more images than are looked at");
	}
	TRY(status);
	for (; first != NULL; first = first->next)
		TRY(note(w, first, at, block));
	return ASSAY_OK;
}

enum assay_status
install_image(struct dep_work *w, const struct shell_image *i, struct dep_place at)
{
	TRY(begin(w));
	return note(w, i, at, false);
}

/* ---- whose they are ---- */

/* A name that is computed is the same where its variables are: in one script, and across them when the forge fills it in. */
static bool
is_same(const struct dep_image *a, const struct dep_image *b)
{
	if (a->is.key == NULL || b->is.key == NULL || strcmp(a->is.key, b->is.key) != 0)
		return false;
	const char *at = a->is.key;
	while ((at = strchr(at, '$')) != NULL) {
		bool filled = dep_starts(at, "${{ ") && !dep_starts(at, "${{ env.");
		if (!filled && a->script != b->script)
			return false;
		at++;
	}
	return true;
}

static bool
is_digest(const char *name)
{
	const char *at = name != NULL ? strstr(name, "@sha256:") : NULL;
	return at != NULL && dep_is_hex(at + 8, 64);
}

enum origin { ORIGIN_FOREIGN, ORIGIN_OTHER_FILE, ORIGIN_OWN };

/* Jobs run on machines of their own; outside of pipelines the files of one machine's scripts stand together. */
static bool
is_before(const struct dep_image *a, const struct dep_image *b)
{
	return a->job == b->job && (a->job != NULL || a->script == b->script || strcmp(a->place.file, b->place.file) == 0);
}

/* What a name stands for where i uses it: what the last command that gave it gave it to. */
static enum origin
origin_of(const struct dep_images *all, const struct dep_image *i)
{
	enum origin origin = ORIGIN_FOREIGN;
	bool passed = false;
	for (const struct dep_image *a = all->first; a != NULL; a = a->next) {
		passed |= a == i;
		if (a == i || (a->is.kind != SHELL_IMAGE_MADE && a->is.kind != SHELL_IMAGE_NAMED) || !is_same(a, i))
			continue;
		bool later = passed && (a->script == i->script || i->job != NULL);
		if (is_before(a, i) && !later)
			origin = a->own ? ORIGIN_OWN : ORIGIN_FOREIGN;
		else if (a->own && origin == ORIGIN_FOREIGN && !later)
			origin = ORIGIN_OTHER_FILE;
	}
	return origin;
}

/* A new name for an image is worth what the old one is. */
static void
settle_names(struct dep_images *all)
{
	for (struct dep_image *i = all->first; i != NULL; i = i->next) {
		struct dep_image old = *i;
		if (i->is.kind != SHELL_IMAGE_NAMED)
			continue;
		old.is.key = i->is.from;
		i->own = is_digest(i->is.from) || origin_of(all, &old) == ORIGIN_OWN;
	}
}

static bool
is_loaded(const struct dep_images *all, const struct dep_image *i)
{
	for (const struct dep_image *a = all->first; a != NULL && a != i; a = a->next) {
		if (a->is.kind == SHELL_IMAGE_LOADED && is_before(a, i))
			return true;
	}
	return false;
}

/* ---- what is wrong with them ---- */

/* The same of a pipeline's step is ci.pinned's. */
static enum dep_matter
matter(const struct dep_image *i, enum dep_matter otherwise, enum dep_matter in_pipeline)
{
	return i->job != NULL ? in_pipeline : otherwise;
}

static enum assay_status
unclear(struct dep_work *w, const struct dep_image *i, const char *why)
{
	if (!CATCH(run_image_unclear, true))
		return ASSAY_OK;
	return dep_find(w, matter(i, DEP_IMAGE_UNCLEAR, DEP_STEP_IMAGE_UNCLEAR), i->place, NULL, "which image '%.200s' stands for can't be told: %s", i->is.shown, why);
}

static enum assay_status
check_taken(struct dep_work *w, const struct dep_image *i)
{
	enum origin origin = origin_of(w->images, i);
	dep_judged(w, i->job != NULL ? DEP_PIPELINES : DEP_IMAGES, "images of commands");
	if (origin == ORIGIN_OWN && !i->is.fetched)
		return ASSAY_OK;
	if (i->is.text == NULL)
		return unclear(w, i, "it is computed when the command runs");
	TRY(image_refer(w, i->is.text, i->place));
	if (is_digest(i->is.text))
		return ASSAY_OK;
	if (origin == ORIGIN_OTHER_FILE)
		return unclear(w, i, "another script builds one of this name, and whether that is what runs can't be told");
	if (!i->is.fetched && is_loaded(w->images, i))
		return unclear(w, i, "an archive was loaded before, and whether it comes from there can't be told");
	if (CATCH(run_image_by_name, true))
		return dep_find(w, matter(i, DEP_IMAGE_BY_NAME, DEP_STEP_IMAGE), i->place, i->is.text,
		    "the image '%.200s' is taken by a name without a digest: it is another image tomorrow", i->is.text);
	return ASSAY_OK;
}

/* A repository at a full commit id is as good as a digest. */
static bool
is_pinned(const char *address)
{
	const char *hash = strchr(address, '#');
	if (hash == NULL)
		return false;
	char id[65] = "";
	size_t n = strcspn(hash + 1, ":");
	if (n < sizeof id)
		memcpy(id, hash + 1, n);
	return dep_full_id(id);
}

static enum assay_status
read_input(struct dep_work *w, const struct dep_image *i)
{
	return dep_unread(w, DEP_IMAGE_UNREAD, i->place.file, docker_read_text(w, assay_span_str(i->is.input), i->place));
}

static enum assay_status
check_elsewhere(struct dep_work *w, const struct dep_image *i)
{
	dep_judged(w, i->job != NULL ? DEP_PIPELINES : DEP_IMAGES, "images of commands");
	if (strcmp(i->is.text, "-") == 0)
		return i->is.input != NULL ? read_input(w, i)
		                           : unclear(w, i, "what is built comes by the input");
	if (CATCH(run_image_elsewhere, !is_pinned(i->is.text)))
		return dep_find(w, matter(i, DEP_IMAGE_ELSEWHERE, DEP_STEP_ELSEWHERE), i->place, i->is.text,
		    "which images are taken is described at '%.200s', and that can change", i->is.text);
	return ASSAY_OK;
}

static bool
is_compose(const char *path)
{
	for (size_t k = 0; k < dep_kind_count; k++) {
		bool reads = dep_kinds[k].read == compose_read || dep_kinds[k].read == manifest_read;
		if (reads && dep_fits_kind(&dep_kinds[k], path))
			return true;
	}
	return false;
}

/* A file under a name by which its kind isn't known is read by nobody. */
static enum assay_status
check_file(struct dep_work *w, const struct dep_image *i)
{
	dep_judged(w, i->job != NULL ? DEP_PIPELINES : DEP_IMAGES, "builds by command");
	bool known = i->is.text != NULL && (i->is.kind == SHELL_IMAGE_FILE ? docker_named(i->is.text) : is_compose(i->is.text));
	return known ? ASSAY_OK : unclear(w, i, "a file by this name isn't read as one that describes images");
}

static enum assay_status
check_one(struct dep_work *w, const struct dep_image *i)
{
	switch (i->is.kind) {
	case SHELL_IMAGE_TAKEN:
		return check_taken(w, i);
	case SHELL_IMAGE_ELSEWHERE:
		return check_elsewhere(w, i);
	case SHELL_IMAGE_FILE:
	case SHELL_IMAGE_COMPOSE:
		return check_file(w, i);
	default:
		return ASSAY_OK;
	}
}

/* Scripts that several jobs share stand in one place. */
static bool
is_told(const struct dep_images *all, const struct dep_image *i)
{
	for (const struct dep_image *a = all->first; a != NULL && a != i; a = a->next) {
		if (a->place.line == i->place.line && a->place.column == i->place.column && strcmp(a->place.file, i->place.file) == 0
		    && strcmp(a->is.shown, i->is.shown) == 0 && a->is.kind == i->is.kind && (a->job != NULL) == (i->job != NULL))
			return true;
	}
	return false;
}

enum assay_status
images_check(struct dep_work *w)
{
	struct dep_place none = { 0 };
	if (w->images != NULL)
		settle_names(w->images);
	for (const struct dep_image *i = w->images != NULL ? w->images->first : NULL; i != NULL; i = i->next) {
		if (!is_told(w->images, i))
			TRY(check_one(w, i));
	}
	if (CATCH(run_images_many, w->images != NULL && w->images->count == IMAGES_MAX))
		return dep_find(w, DEP_IMAGE_UNREAD, none, NULL, "there are more images in commands than are looked at");
	return ASSAY_OK;
}
