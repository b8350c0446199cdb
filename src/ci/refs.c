/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of parts that others make: images of registries, commits.
 */
#include "work.h"

#include <base/cleanup.h>
#include <string.h>

#define DIGEST "@sha256:"
#define SHA256_DIGITS 64
#define SHA1_DIGITS 40

static bool
is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

bool
ci_is_commit(const char *text)
{
	return is_hex(text, SHA1_DIGITS) || is_hex(text, SHA256_DIGITS);
}

enum assay_status
ci_ref_new(struct ci_work *w, enum ci_ref_kind kind, const char *text, struct ci_place at, struct ci_ref **ret_ref)
{
	struct ci_ref *r = NULL;
	TRY(ci_alloc(w, sizeof *r, &r));
	TRY(ci_keep(w, text, &r->text));
	r->kind = kind;
	r->name = r->text;
	r->pin = CI_PIN_NOTHING;
	r->place = at;
	if (w->model->last_ref != NULL)
		w->model->last_ref->next_all = r;
	else
		w->model->refs = r;
	w->model->last_ref = r;
	w->model->ref_count++;
	*ret_ref = r;
	return ASSAY_OK;
}

/* The tag's ':' stands behind the last '/', for a registry may have a port. */
static const char *
tag_of(const char *image, size_t len)
{
	for (size_t i = len; i > 0 && image[i - 1] != '/'; i--) {
		if (image[i - 1] == ':')
			return image + i;
	}
	return NULL;
}

static enum assay_status
keep_part(struct ci_work *w, const char *from, size_t len, const char **ret_text)
{
	return ci_printf(w, ret_text, "%.*s", (int)(len > 1000 ? 1000 : len), from);
}

enum assay_status
ci_image(struct ci_work *w, const char *text, struct ci_place at, struct ci_ref **ret_ref)
{
	struct ci_ref *r;
	TRY(ci_ref_new(w, CI_REF_IMAGE, text, at, &r));
	*ret_ref = r;
	const char *digest = strstr(r->text, DIGEST);
	const char *tag = tag_of(r->text, digest != NULL ? (size_t)(digest - r->text) : strlen(r->text));
	const char *end = tag != NULL ? tag - 1 : digest != NULL ? digest : r->text + strlen(r->text);
	TRY(keep_part(w, r->text, (size_t)(end - r->text), &r->name));
	if (strchr(r->text, '$') != NULL && digest == NULL) {
		r->pin = CI_PIN_UNSEEN;
		r->why = "its name is computed when the pipeline runs";
	} else if (digest != NULL && is_hex(digest + strlen(DIGEST), SHA256_DIGITS)) {
		r->pin = CI_PIN_DIGEST;
		r->version = digest + 1;
	} else if (tag != NULL) {
		r->pin = CI_PIN_NAME;
		r->version = tag;
	}
	return ASSAY_OK;
}
