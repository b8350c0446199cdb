/* SPDX-License-Identifier: Apache-2.0 */
#include <seal/oci.h>

#include <assay/manifest.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>
#include <string.h>

#define BLOBS "blobs/sha256/"
#define DIGEST "sha256:"
#define HEX_SIZE ((size_t)2 * ASSAY_SHA256_SIZE)

#define ROW(id, weight_, code_, words_) { SEAL_##weight_, (code_), (words_) },
const struct seal_matter_row seal_oci_matters[SEAL_OCI_MATTER_COUNT] = { SEAL_OCI_MATTERS(ROW) };

struct work {
	const struct seal_layout *layout;
	struct arena *arena;
	struct seal_oci *out;
	const struct seal_oci_fact **end;
	bool *named;  /* of each entry: something names it */
	size_t descriptors;
};

static enum assay_status
tell(struct work *w, enum seal_oci_matter matter, const char *path, const char *object, struct assay_error *err)
{
	if (w->out->fact_count == SEAL_FACTS_MAX) {
		w->out->more++;
		return ASSAY_OK;
	}
	struct seal_oci_fact *f = arena_alloc(w->arena, sizeof *f);
	if (f == NULL)
		return arena_full(err);
	*f = (struct seal_oci_fact){ .matter = matter, .path = path, .object = object };
	*w->end = f;
	w->end = &f->next;
	w->out->fact_count++;
	return ASSAY_OK;
}

static const struct seal_entry *
find(const struct seal_entry *entries, size_t count, const char *path)
{
	size_t from = 0, to = count;
	while (from < to) {
		const size_t at = from + (to - from) / 2;
		const int order = assay_manifest_order(assay_span_str(entries[at].path), assay_span_str(path));
		if (order == 0)
			return entries[at].type == SEAL_TYPE_FILE ? &entries[at] : NULL;
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return NULL;
}

bool
seal_is_layout(const struct seal_entry *entries, size_t count)
{
	return find(entries, count, "oci-layout") != NULL;
}

/* ---- blobs ---- */

static bool
is_hex(const char *text)
{
	return strlen(text) == HEX_SIZE && text[strspn(text, "0123456789abcdef")] == '\0';
}

static enum assay_status
one_file(struct work *w, const struct seal_entry *e, struct assay_error *err)
{
	char hex[HEX_SIZE + 1];
	if (strcmp(e->path, "oci-layout") == 0 || strcmp(e->path, "index.json") == 0)
		return ASSAY_OK;
	if (strncmp(e->path, "blobs/", 6) != 0)
		return tell(w, SEAL_OCI_EXTRA, e->path, NULL, err);
	if (strncmp(e->path, BLOBS, sizeof BLOBS - 1) != 0)
		return tell(w, SEAL_OCI_BLOB_ALGORITHM, e->path, NULL, err);
	const char *name = e->path + sizeof BLOBS - 1;
	if (e->type != SEAL_TYPE_FILE || !is_hex(name))
		return tell(w, SEAL_OCI_BLOB_NAME, e->path, NULL, err);
	text_hex((struct assay_span){ e->sha256, sizeof e->sha256 }, hex);
	w->out->blobs++;
	return strcmp(hex, name) == 0 ? ASSAY_OK : tell(w, SEAL_OCI_BLOB_DIGEST, e->path, arena_str(w->arena, hex), err);
}

static enum assay_status
all_files(struct work *w, struct assay_error *err)
{
	for (size_t i = 0; i < w->layout->count; i++) {
		if (w->layout->entries[i].type != SEAL_TYPE_FOLDER)
			TRY(one_file(w, &w->layout->entries[i], err));
	}
	return ASSAY_OK;
}

/* ---- documents ---- */

/* NULL with a fact when it isn't JSON, too large, or other bytes than were hashed. */
static enum assay_status
document(struct work *w, const struct seal_entry *e, const struct jsontree **ret_root, struct assay_error *err)
{
	struct assay_span bytes = { NULL, 0 };
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct jsontree *root = NULL;
	*ret_root = NULL;
	if (e->size > SEAL_OCI_DOCUMENT_MAX)
		return tell(w, SEAL_OCI_DOCUMENT, e->path, "too large", err);
	TRY(w->layout->fetch(w->layout->context, e, &bytes, err));
	TRY(assay_sha256(bytes, digest));
	if (memcmp(digest, e->sha256, sizeof digest) != 0)
		return tell(w, SEAL_OCI_DOCUMENT, e->path, "changed while it was read", err);
	const enum assay_status status = jsontree_parse(bytes, e->path, w->arena, &root, err);
	if (status == ASSAY_E_FORMAT || status == ASSAY_E_LIMIT || (status == ASSAY_OK && root->kind != JSONTREE_OBJECT)) {
		assay_error_clear(err);
		return tell(w, SEAL_OCI_DOCUMENT, e->path, "no object of JSON", err);
	}
	*ret_root = root;
	return status;
}

/* What a media type makes of a blob. */
enum role { ROLE_INDEX, ROLE_IMAGE, ROLE_CONFIG, ROLE_LAYER, ROLE_PLAIN_LAYER, ROLE_FOREIGN, ROLE_OTHER };
static const struct {
	const char *type;
	enum role role;
} types[] = {
	{ "application/vnd.oci.image.index.v1+json", ROLE_INDEX },
	{ "application/vnd.docker.distribution.manifest.list.v2+json", ROLE_INDEX },
	{ "application/vnd.oci.image.manifest.v1+json", ROLE_IMAGE },
	{ "application/vnd.docker.distribution.manifest.v2+json", ROLE_IMAGE },
	{ "application/vnd.oci.image.config.v1+json", ROLE_CONFIG },
	{ "application/vnd.docker.container.image.v1+json", ROLE_CONFIG },
	{ "application/vnd.oci.image.layer.v1.tar", ROLE_PLAIN_LAYER },
	{ "application/vnd.oci.image.layer.v1.tar+gzip", ROLE_LAYER },
	{ "application/vnd.oci.image.layer.v1.tar+zstd", ROLE_LAYER },
	{ "application/vnd.docker.image.rootfs.diff.tar.gzip", ROLE_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar", ROLE_FOREIGN },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", ROLE_FOREIGN },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", ROLE_FOREIGN },
	{ "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ROLE_FOREIGN },
};

static enum role
role_of(const char *type)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (strcmp(types[i].type, type) == 0)
			return types[i].role;
	}
	return ROLE_OTHER;
}

/* What a descriptor names. */
struct named {
	const char *type, *digest;
	enum role role;
	const struct seal_entry *entry; /* NULL: it isn't here, which was told */
};

static enum assay_status
blob_of(struct work *w, struct named *n, uint64_t size, const char *from, bool fetched, struct assay_error *err)
{
	char path[sizeof BLOBS + HEX_SIZE];
	text_put(path, sizeof path, BLOBS "%s", n->digest + sizeof DIGEST - 1);
	n->entry = find(w->layout->entries, w->layout->count, path);
	if (fetched)
		TRY(tell(w, SEAL_OCI_FOREIGN, from, n->digest, err));
	if (n->entry == NULL)
		return fetched ? ASSAY_OK : tell(w, SEAL_OCI_BLOB_MISSING, from, n->digest, err);
	w->named[n->entry - w->layout->entries] = true;
	return n->entry->size == size ? ASSAY_OK : tell(w, SEAL_OCI_SIZE, from, n->digest, err);
}

static enum assay_status
descriptor(struct work *w, const struct jsontree *d, const char *from, struct named *ret_named, struct assay_error *err)
{
	const struct jsontree *size = jsontree_get(d, "size"), *urls = jsontree_get(d, "urls");
	struct named n = { .type = jsontree_str(d, "mediaType"), .digest = jsontree_str(d, "digest"), .role = ROLE_OTHER };
	uint64_t bytes = 0;
	*ret_named = (struct named){ .role = ROLE_OTHER };
	if (w->descriptors++ == SEAL_OCI_DESCRIPTORS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %u descriptors", SEAL_OCI_DESCRIPTORS_MAX);
	const bool sized = size != NULL && size->kind == JSONTREE_NUMBER && text_to_u64(assay_span_str(size->text), &bytes) == ASSAY_OK;
	if (n.type == NULL || n.digest == NULL || !sized)
		return tell(w, SEAL_OCI_DESCRIPTOR, from, n.digest, err);
	n.role = role_of(n.type);
	if (strncmp(n.digest, DIGEST, sizeof DIGEST - 1) != 0)
		return tell(w, SEAL_OCI_BLOB_ALGORITHM, from, n.digest, err);
	if (!is_hex(n.digest + sizeof DIGEST - 1))
		return tell(w, SEAL_OCI_DESCRIPTOR, from, n.digest, err);
	const bool addresses = urls != NULL && urls->kind == JSONTREE_ARRAY && urls->count > 0;
	TRY(blob_of(w, &n, bytes, from, n.role == ROLE_FOREIGN || addresses, err));
	*ret_named = n;
	return ASSAY_OK;
}

/* One document that two programs could take for two things, or that calls itself something else. */
static enum assay_status
same_media(struct work *w, const struct jsontree *root, const char *path, const char *type, struct assay_error *err)
{
	const char *own = jsontree_str(root, "mediaType");
	const bool two = jsontree_get(root, "manifests") != NULL && (jsontree_get(root, "layers") != NULL || jsontree_get(root, "config") != NULL);
	return two || (own != NULL && type != NULL && strcmp(own, type) != 0) ? tell(w, SEAL_OCI_MEDIA_DIFFERS, path, own, err) : ASSAY_OK;
}

static const struct jsontree *
list_of(const struct jsontree *object, const char *key)
{
	const struct jsontree *list = jsontree_get(object, key);
	return list != NULL && list->kind == JSONTREE_ARRAY ? list : NULL;
}

/* As many layers as the configuration says, and a layer that isn't packed is what it says. */
static enum assay_status
config(struct work *w, const struct named *c, const struct jsontree *layers, const char *from, struct assay_error *err)
{
	const struct jsontree *root = NULL, *ids, *layer = layers->first;
	if (c->entry == NULL)
		return ASSAY_OK;
	if (c->role != ROLE_CONFIG)
		return tell(w, SEAL_OCI_MEDIA_TYPE, from, c->type, err);
	TRY(document(w, c->entry, &root, err));
	if (root == NULL)
		return ASSAY_OK;
	ids = list_of(jsontree_get(root, "rootfs"), "diff_ids");
	if (ids == NULL || ids->count != layers->count)
		return tell(w, SEAL_OCI_CONFIG, c->entry->path, from, err);
	for (const struct jsontree *id = ids->first; id != NULL && layer != NULL; id = id->next, layer = layer->next) {
		const char *type = jsontree_str(layer, "mediaType"), *digest = jsontree_str(layer, "digest");
		const bool plain = type != NULL && digest != NULL && role_of(type) == ROLE_PLAIN_LAYER;
		if (id->kind != JSONTREE_STRING || (plain && strcmp(id->text, digest) != 0))
			return tell(w, SEAL_OCI_CONFIG, c->entry->path, from, err);
	}
	return ASSAY_OK;
}

static enum assay_status
image(struct work *w, const struct seal_entry *e, const struct jsontree *root, struct assay_error *err)
{
	const struct jsontree *layers = list_of(root, "layers"), *settings = jsontree_get(root, "config");
	struct named n;
	w->out->images++;
	if (layers == NULL || settings == NULL)
		return tell(w, SEAL_OCI_DOCUMENT, e->path, "no manifest of an image", err);
	TRY(descriptor(w, settings, e->path, &n, err));
	TRY(config(w, &n, layers, e->path, err));
	for (const struct jsontree *l = layers->first; l != NULL; l = l->next) {
		TRY(descriptor(w, l, e->path, &n, err));
		w->out->layers += n.entry != NULL;
		if (n.entry != NULL && n.role != ROLE_LAYER && n.role != ROLE_PLAIN_LAYER && n.role != ROLE_FOREIGN)
			TRY(tell(w, SEAL_OCI_MEDIA_TYPE, e->path, n.type, err));
	}
	return ASSAY_OK;
}

static enum assay_status index_of(struct work *w, const struct seal_entry *e, const char *type, unsigned depth, struct assay_error *err);

static enum assay_status
index_entry(struct work *w, const struct seal_entry *from, const struct jsontree *d, unsigned depth, struct assay_error *err)
{
	const struct jsontree *root = NULL;
	struct named n;
	TRY(descriptor(w, d, from->path, &n, err));
	if (n.entry == NULL)
		return ASSAY_OK;
	if (n.role == ROLE_INDEX)
		return depth < SEAL_OCI_DEPTH_MAX ? index_of(w, n.entry, n.type, depth + 1, err) : tell(w, SEAL_OCI_TOO_DEEP, n.entry->path, NULL, err);
	if (n.role != ROLE_IMAGE)
		return tell(w, SEAL_OCI_MEDIA_TYPE, from->path, n.type, err);
	TRY(document(w, n.entry, &root, err));
	if (root == NULL)
		return ASSAY_OK;
	TRY(same_media(w, root, n.entry->path, n.type, err));
	return image(w, n.entry, root, err);
}

static enum assay_status
index_of(struct work *w, const struct seal_entry *e, const char *type, unsigned depth, struct assay_error *err)
{
	const struct jsontree *root = NULL;
	TRY(document(w, e, &root, err));
	if (root == NULL)
		return ASSAY_OK;
	TRY(same_media(w, root, e->path, type, err));
	const struct jsontree *list = list_of(root, "manifests");
	if (list == NULL)
		return tell(w, SEAL_OCI_DOCUMENT, e->path, "no index", err);
	for (const struct jsontree *d = list->first; d != NULL; d = d->next)
		TRY(index_entry(w, e, d, depth, err));
	return ASSAY_OK;
}

/* ---- the whole ---- */

static enum assay_status
layout_file(struct work *w, struct assay_error *err)
{
	const struct seal_entry *e = find(w->layout->entries, w->layout->count, "oci-layout");
	const struct jsontree *root = NULL;
	if (e == NULL)
		return tell(w, SEAL_OCI_LAYOUT, "oci-layout", NULL, err);
	TRY(document(w, e, &root, err));
	const char *version = jsontree_str(root, "imageLayoutVersion");
	return version != NULL && strcmp(version, "1.0.0") == 0 ? ASSAY_OK : tell(w, SEAL_OCI_LAYOUT, e->path, version, err);
}

static enum assay_status
unreferenced(struct work *w, struct assay_error *err)
{
	for (size_t i = 0; i < w->layout->count; i++) {
		const struct seal_entry *e = &w->layout->entries[i];
		if (!w->named[i] && e->type == SEAL_TYPE_FILE && strncmp(e->path, BLOBS, sizeof BLOBS - 1) == 0)
			TRY(tell(w, SEAL_OCI_BLOB_UNREFERENCED, e->path, NULL, err));
	}
	return ASSAY_OK;
}

enum assay_status
seal_oci_check(const struct seal_layout *layout, struct arena *arena, struct seal_oci *ret_oci, struct assay_error *err)
{
	struct seal_oci out = { .facts = NULL };
	struct work w = { .layout = layout, .arena = arena, .out = &out, .end = &out.facts };
	w.named = arena_array(arena, layout->count + 1, sizeof *w.named);
	if (w.named == NULL)
		return arena_full(err);
	TRY(layout_file(&w, err));
	TRY(all_files(&w, err));
	const struct seal_entry *index = find(layout->entries, layout->count, "index.json");
	if (index == NULL)
		TRY(tell(&w, SEAL_OCI_DOCUMENT, "index.json", "it isn't there", err));
	else
		TRY(index_of(&w, index, NULL, 0, err));
	if (out.images == 0)
		TRY(tell(&w, SEAL_OCI_NOTHING, "index.json", NULL, err));
	TRY(unreferenced(&w, err));
	*ret_oci = out;
	return ASSAY_OK;
}
