/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest, before anything is believed of it: that it is the file that was signed, and that every line is of the form. It is read
 * again while the tree is held against it, and its digest taken again: what is used is what was signed.
 */
#include "work.h"

#include <base/catch.h>
#include <base/text.h>
#include <errno.h>
#include <sys/stat.h>

#define NAME "manifest"

/* What came of the lines; the digest decides whether that matters. */
struct reading {
	struct work *w;
	struct assay_error why;
	enum assay_status form;
};

static enum assay_status
read_lines(struct reading *x, struct assay_span in)
{
	while (in.len > 0) {
		struct assay_manifest_entry entry;
		bool is = false;
		const enum assay_status status = assay_manifest_next(x->w->reader, &in, &is, &entry, &x->why);
		if (status != ASSAY_OK)
			return status;
		if (!is)
			break;
		x->w->entries++;
	}
	return ASSAY_OK;
}

static enum assay_status
read_all(struct reading *x, struct assay_error *err)
{
	unsigned char *step = malloc(MANIFEST_STEP);
	uint64_t size = 0;
	enum assay_status status = step == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory to read the manifest")
						: hash_stream_begin(x->w->stream, err);
	/* One byte more than was signed is enough to know. */
	while (status == ASSAY_OK && size <= x->w->release.manifest.length) {
		const ssize_t n = read(x->w->manifest, step, MANIFEST_STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			verify_find(x->w->r, ASSAY_RELEASE_UNREADABLE, NAME, "it can't be read: %s", text_errno(errno));
			x->w->good = false;
		}
		if (n <= 0)
			break;
		const struct assay_span piece = { step, (size_t)n };
		size += (uint64_t)n;
		status = hash_stream_add(x->w->stream, piece, err);
		if (x->form == ASSAY_OK)
			x->form = read_lines(x, piece);
	}
	free(step);
	x->w->manifest_size = size;
	return status;
}

/* A fault of form is whoever's who signed it only when this is what they signed. */
static enum assay_status
judge(struct reading *x, struct assay_error *err)
{
	struct work *w = x->w;
	const struct assay_tuf_target *t = &w->release.manifest;
	TRY(hash_stream_end(w->stream, w->manifest_sha256, err));
	if (CATCH(verify_manifest,
		w->manifest_size != t->length || !t->has_sha256 || memcmp(w->manifest_sha256, t->sha256, ASSAY_SHA256_SIZE) != 0)) {
		verify_find(w->r, ASSAY_RELEASE_MANIFEST_CHANGED, NAME, "it isn't the file that was signed");
		w->good = false;
		return ASSAY_OK;
	}
	if (x->form == ASSAY_OK)
		x->form = assay_manifest_end(w->reader, &x->why);
	if (x->form == ASSAY_OK)
		return ASSAY_OK;
	if (x->form == ASSAY_E_MEMORY || x->form == ASSAY_E_INTERNAL)
		return assay_fail(err, x->form, "%s", x->why.what);
	verify_find(w->r, ASSAY_RELEASE_BAD_MANIFEST, NAME, "line %u: %s", x->why.line, x->why.what);
	w->good = false;
	return ASSAY_OK;
}

enum assay_status
list_check(struct work *w, struct assay_error *err)
{
	struct stat st;
	w->manifest = seal_open(w, NAME);
	if (w->manifest < 0 || fstat(w->manifest, &st) != 0 || !S_ISREG(st.st_mode)) {
		const bool gone = w->manifest < 0 && errno == ENOENT;
		const bool unreadable = w->manifest < 0 && errno != ELOOP && errno != ENXIO;
		verify_find(w->r, gone ? ASSAY_RELEASE_NO_SEAL : unreadable ? ASSAY_RELEASE_UNREADABLE : ASSAY_RELEASE_MANIFEST_CHANGED, NAME,
		    gone ? "it isn't there" : unreadable ? "it can't be opened" : "it is no regular file");
		w->good = false;
		return ASSAY_OK;
	}
	struct reading x = { .w = w };
	w->reader = calloc(2, sizeof *w->reader);
	if (w->reader == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to read the manifest");
	assay_manifest_begin(w->reader);
	TRY(read_all(&x, err));
	return w->good ? judge(&x, err) : ASSAY_OK;
}
