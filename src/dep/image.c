/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.images: references to images, as registries read them.
 */
#include "image.h"

#define REF_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@"
#define NAME_LEN_MAX 512

/* The length of the name: up to '@', and up to a ':' that begins a tag and not a port. */
static size_t
name_len(const char *ref)
{
	size_t len = strcspn(ref, "@"), slash = 0;
	for (size_t i = 0; i < len; i++)
		slash = ref[i] == '/' ? i : slash;
	for (size_t i = slash; i < len; i++) {
		if (ref[i] == ':')
			return i;
	}
	return len;
}

static bool
has_registry(const char *ref, size_t len)
{
	size_t first = strcspn(ref, "/");
	if (first >= len)
		return false;
	for (size_t i = 0; i < first; i++) {
		if (ref[i] == '.' || ref[i] == ':')
			return true;
	}
	return first == 9 && strncmp(ref, "localhost", 9) == 0;
}

static bool
is_digest(const char *at)
{
	return at != NULL && ((dep_starts(at, "@sha256:") && dep_is_hex(at + 8, 64))
	    || (dep_starts(at, "@sha512:") && dep_is_hex(at + 8, 128)));
}

enum assay_status
image_refer(struct dep_work *w, const char *ref, struct dep_place place)
{
	char name[NAME_LEN_MAX + 32];
	size_t len = name_len(ref);
	if (len == 0 || len > NAME_LEN_MAX)
		return ASSAY_OK;
	const char *registry = has_registry(ref, len) ? "" : memchr(ref, '/', len) != NULL ? "docker.io/" : "docker.io/library/";
	(void)snprintf(name, sizeof name, "%s%.*s", registry, (int)len, ref);
	return dep_refer(w, DEP_REF_IMAGE, name, place);
}

enum assay_status
image_check(struct dep_work *w, const char *ref, struct dep_place place)
{
	size_t len = name_len(ref);
	const char *at = strchr(ref, '@');
	dep_judged(w, DEP_IMAGES, "images");
	if (CATCH(image_form, len == 0 || len > NAME_LEN_MAX || ref[strspn(ref, REF_CHARS)] != '\0'))
		return dep_find(w, DEP_IMAGE_FORM, place, NULL, "'%.200s' is no reference to an image", ref);
	TRY(image_refer(w, ref, place));
	if (CATCH(image_digest, at != NULL && !is_digest(at)))
		return dep_find(w, DEP_IMAGE_BY_NAME, place, ref, "the digest of '%.300s' is none", ref);
	if (CATCH(image_by_name, at == NULL))
		return dep_find(w, DEP_IMAGE_BY_NAME, place, ref, "'%.200s' is named without a digest: it is another image tomorrow", ref);
	return ASSAY_OK;
}
