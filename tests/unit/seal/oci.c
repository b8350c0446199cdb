/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/manifest.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <seal/oci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FILES_MAX 16
#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"
#define IMAGE_TYPE "application/vnd.oci.image.manifest.v1+json"
#define CONFIG_TYPE "application/vnd.oci.image.config.v1+json"
#define LAYER_TYPE "application/vnd.oci.image.layer.v1.tar"
#define FOREIGN_TYPE "application/vnd.oci.image.layer.nondistributable.v1.tar"

/* A layout in memory. */
struct world {
	struct arena *arena;
	struct seal_entry entries[FILES_MAX];
	const char *texts[FILES_MAX];
	size_t count;
	struct seal_oci out;
};

static void
begin(struct world *w)
{
	*w = (struct world){ .count = 0 };
	assert_int_equal(arena_new(64u << 20, &w->arena), ASSAY_OK);
}

static void
end(struct world *w)
{
	arena_free(&w->arena);
}

static void
put(struct world *w, const char *path, const char *text)
{
	struct seal_entry e = { .path = path, .type = SEAL_TYPE_FILE, .size = strlen(text) };
	size_t at = w->count;
	assert_true(w->count < FILES_MAX);
	assert_int_equal(assay_sha256(assay_span_str(text), e.sha256), ASSAY_OK);
	while (at > 0 && assay_manifest_order(assay_span_str(w->entries[at - 1].path), assay_span_str(path)) > 0) {
		w->entries[at] = w->entries[at - 1];
		w->texts[at] = w->texts[at - 1];
		at--;
	}
	w->entries[at] = e;
	w->texts[at] = text;
	w->count++;
}

static const char *
hex_of(struct world *w, const char *text)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	assert_int_equal(assay_sha256(assay_span_str(text), digest), ASSAY_OK);
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	return arena_str(w->arena, hex);
}

static const char *
blob(struct world *w, const char *text)
{
	put(w, arena_printf(w->arena, "blobs/sha256/%s", hex_of(w, text)), text);
	return text;
}

static const char *
described(struct world *w, const char *type, const char *text)
{
	return arena_printf(w->arena, "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%zu}", type, hex_of(w, text), strlen(text));
}

/* The whole: a layer, its configuration, a manifest. Returns the manifest. */
static const char *
image(struct world *w, const char *layer_type)
{
	const char *layer = blob(w, "layer");
	const char *config = blob(w, arena_printf(w->arena, "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}", hex_of(w, layer)));
	return blob(w, arena_printf(w->arena, "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}", IMAGE_TYPE,
	    described(w, CONFIG_TYPE, config), described(w, layer_type, layer)));
}

static void
shell(struct world *w, const char *descriptors)
{
	put(w, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	put(w, "index.json", arena_printf(w->arena, "{\"schemaVersion\":2,\"manifests\":[%s]}", descriptors));
}

static enum assay_status
fetch(void *context, const struct seal_entry *entry, struct assay_span *ret_bytes, struct assay_error *err)
{
	const struct world *w = context;
	(void)err;
	*ret_bytes = assay_span_str(w->texts[entry - w->entries]);
	return ASSAY_OK;
}

static void
check(struct world *w)
{
	const struct seal_layout layout = { w->entries, w->count, fetch, w };
	struct assay_error err = { 0 };
	if (seal_oci_check(&layout, w->arena, &w->out, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
}

static void
must(struct world *w, enum seal_oci_matter matter)
{
	check(w);
	for (const struct seal_oci_fact *f = w->out.facts; f != NULL; f = f->next) {
		if (f->matter == matter)
			return;
	}
	fail_msg("'%s' isn't told", seal_oci_matters[matter].code);
}

static void
sound(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const char *inner = arena_printf(w.arena, "{\"schemaVersion\":2,\"manifests\":[%s]}", described(&w, IMAGE_TYPE, image(&w, LAYER_TYPE)));
	shell(&w, described(&w, INDEX_TYPE, blob(&w, inner)));
	assert_true(seal_is_layout(w.entries, w.count));
	check(&w);
	if (w.out.facts != NULL)
		fail_msg("'%s' of %s", seal_oci_matters[w.out.facts->matter].code, w.out.facts->path);
	assert_int_equal(w.out.blobs, 4);
	assert_int_equal(w.out.images, 1);
	assert_int_equal(w.out.layers, 1);
	end(&w);
}

static struct seal_entry *
entry_of(struct world *w, const char *text)
{
	for (size_t i = 0; i < w->count; i++) {
		if (strcmp(w->texts[i], text) == 0)
			return &w->entries[i];
	}
	abort();
}

static void
spoiled_blobs(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	shell(&w, described(&w, IMAGE_TYPE, image(&w, LAYER_TYPE)));
	struct seal_entry *layer = entry_of(&w, "layer");
	const struct seal_entry good = *layer;
	layer->sha256[3] ^= 1;
	must(&w, SEAL_OCI_BLOB_DIGEST);
	*layer = good;
	layer->size++;
	must(&w, SEAL_OCI_SIZE);
	*layer = good;
	layer->type = SEAL_TYPE_LINK;
	layer->target = "/etc/passwd";
	must(&w, SEAL_OCI_BLOB_NAME);
	must(&w, SEAL_OCI_BLOB_MISSING);
	*layer = good;
	/* Bytes that changed after they were hashed. */
	w.texts[entry_of(&w, "{\"imageLayoutVersion\":\"1.0.0\"}") - w.entries] = "{\"imageLayoutVersion\":\"1.0.1\"}";
	must(&w, SEAL_OCI_DOCUMENT);
	end(&w);
}

static void
more_blobs(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	shell(&w, described(&w, IMAGE_TYPE, image(&w, LAYER_TYPE)));
	(void)blob(&w, "nobody names this");
	must(&w, SEAL_OCI_BLOB_UNREFERENCED);
	put(&w, "blobs/sha256/ABC", "x");
	must(&w, SEAL_OCI_BLOB_NAME);
	put(&w, "blobs/sha512/abc", "x");
	must(&w, SEAL_OCI_BLOB_ALGORITHM);
	put(&w, "run.sh", "#!/bin/sh\n");
	must(&w, SEAL_OCI_EXTRA);
	end(&w);
}

static void
spoiled_documents(void **state)
{
	static const struct {
		const char *index;
		enum seal_oci_matter matter;
	} rows[] = {
		{ "", SEAL_OCI_NOTHING }, { "1", SEAL_OCI_DESCRIPTOR }, { "{\"mediaType\":\"" IMAGE_TYPE "\",\"digest\":\"sha256:00\",\"size\":1}", SEAL_OCI_DESCRIPTOR },
		{ "{\"mediaType\":\"" IMAGE_TYPE "\",\"digest\":\"sha512:00\",\"size\":1}", SEAL_OCI_BLOB_ALGORITHM },
		{ "{\"mediaType\":\"" IMAGE_TYPE "\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":-1}", SEAL_OCI_DESCRIPTOR },
		{ "{\"mediaType\":\"" IMAGE_TYPE "\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1}", SEAL_OCI_BLOB_MISSING },
	};
	struct world w;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(&w);
		shell(&w, rows[i].index);
		must(&w, rows[i].matter);
		must(&w, SEAL_OCI_NOTHING);
		end(&w);
	}
	begin(&w);
	check(&w);
	must(&w, SEAL_OCI_LAYOUT);
	must(&w, SEAL_OCI_DOCUMENT);
	assert_false(seal_is_layout(w.entries, w.count));
	end(&w);
	begin(&w);
	shell(&w, described(&w, IMAGE_TYPE, blob(&w, "[1]")));
	must(&w, SEAL_OCI_DOCUMENT);
	end(&w);
	begin(&w);
	shell(&w, described(&w, "application/x-thing", blob(&w, "{}")));
	must(&w, SEAL_OCI_MEDIA_TYPE);
	end(&w);
}

/* A manifest that is an index to others; a configuration of other layers; a layer that is fetched. */
static void
disagreement(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	shell(&w, described(&w, IMAGE_TYPE, blob(&w, "{\"manifests\":[],\"layers\":[],\"config\":{}}")));
	must(&w, SEAL_OCI_MEDIA_DIFFERS);
	end(&w);
	begin(&w);
	shell(&w, described(&w, INDEX_TYPE, blob(&w, "{\"mediaType\":\"" IMAGE_TYPE "\",\"manifests\":[]}")));
	must(&w, SEAL_OCI_MEDIA_DIFFERS);
	end(&w);
	begin(&w);
	const char *config = blob(&w, "{\"rootfs\":{\"diff_ids\":[\"sha256:1\"]}}"), *layer = blob(&w, "layer");
	const char *one = arena_printf(w.arena, "{\"config\":%s,\"layers\":[%s]}", described(&w, CONFIG_TYPE, config), described(&w, LAYER_TYPE, layer));
	shell(&w, described(&w, IMAGE_TYPE, blob(&w, one)));
	must(&w, SEAL_OCI_CONFIG);
	end(&w);
	begin(&w);
	shell(&w, described(&w, IMAGE_TYPE, image(&w, FOREIGN_TYPE)));
	must(&w, SEAL_OCI_FOREIGN);
	end(&w);
	begin(&w);
	const char *inner = described(&w, IMAGE_TYPE, image(&w, LAYER_TYPE));
	for (int i = 0; i < 6; i++)
		inner = described(&w, INDEX_TYPE, blob(&w, arena_printf(w.arena, "{\"manifests\":[%s]}", inner)));
	shell(&w, inner);
	must(&w, SEAL_OCI_TOO_DEEP);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sound), cmocka_unit_test(spoiled_blobs), cmocka_unit_test(more_blobs),
		cmocka_unit_test(spoiled_documents), cmocka_unit_test(disagreement) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
