/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX 1.6 (ECMA-424) from a tree. Whatever order entries come in, the bytes are the same. */
#include <seal/sbom.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <stdlib.h>
#include <string.h>

#define URL_MAX 2048u
#define SELF "release"

struct writer {
	struct arena *arena;
	json_t *components, *dependencies, *top; /* top: what the product itself depends on */
	const struct seal_entry **files;         /* those that are components, by path */
	size_t file_count;
	struct provider *providers;              /* of libraries, by name */
	size_t provider_count;
	bool failed;
};

struct provider {
	const char *name;
	const char *ref;
};

/* Names of files may hold any bytes; in the bill they stand as they are shown. */
static json_t *
text(struct writer *w, const char *raw)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1u << 20);
	text_escape(&b, assay_span_str(raw), false);
	json_t *value = b.status == ASSAY_OK ? json_string(buf_str(&b)) : NULL;
	w->failed = w->failed || value == NULL;
	return value;
}

static void
set(struct writer *w, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		w->failed = true;
}

static void
add(struct writer *w, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		w->failed = true;
}

static json_t *
property(struct writer *w, const char *name, const char *value)
{
	json_t *p = json_object();
	set(w, p, "name", json_string(name));
	set(w, p, "value", text(w, value));
	return p;
}

static void
depends(struct writer *w, const char *ref, json_t *on)
{
	json_t *d = json_object();
	set(w, d, "ref", text(w, ref));
	set(w, d, "dependsOn", on);
	add(w, w->dependencies, d);
}

static const char *
made_ref(struct writer *w, const char *kind, const char *name)
{
	const char *ref = arena_printf(w->arena, "%s:%s", kind, name);
	w->failed = w->failed || ref == NULL;
	return ref == NULL ? "" : ref;
}

/* ---- files ---- */

static int
by_path(const void *a, const void *b)
{
	const struct seal_entry *const *x = a, *const *y = b;
	return strcmp((*x)->path, (*y)->path);
}

static int
by_provider(const void *a, const void *b)
{
	const struct provider *x = a, *y = b;
	const int order = strcmp(x->name, y->name);
	return order != 0 ? order : strcmp(x->ref, y->ref);
}

static int
by_provider_name(const void *a, const void *b)
{
	const struct provider *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static void
take_files(struct writer *w, const struct seal_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct seal_entry *e = &entries[i];
		if (e->type != SEAL_TYPE_FILE || (!seal_is(e->looked, SEAL_GROUP_CODE) && !seal_is(e->looked, SEAL_GROUP_FIRMWARE)))
			continue;
		w->files[w->file_count++] = e;
		const struct seal_elf *elf = e->looked->elf;
		if (elf == NULL)
			continue;
		const char *ref = made_ref(w, "file", e->path);
		w->providers[w->provider_count++] = (struct provider){ last_part(e->path), ref };
		if (elf->soname != NULL && strcmp(elf->soname, last_part(e->path)) != 0)
			w->providers[w->provider_count++] = (struct provider){ elf->soname, ref };
	}
	qsort(w->files, w->file_count, sizeof *w->files, by_path);
	qsort(w->providers, w->provider_count, sizeof *w->providers, by_provider);
}

static json_t *
hashes(struct writer *w, const unsigned char digest[ASSAY_SHA256_SIZE])
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	json_t *list = json_array(), *h = json_object();
	text_hex((struct assay_span){ digest, ASSAY_SHA256_SIZE }, hex);
	set(w, h, "alg", json_string("SHA-256"));
	set(w, h, "content", json_string(hex));
	add(w, list, h);
	return list;
}

static void
write_file(struct writer *w, const struct seal_entry *e)
{
	const bool firmware = seal_is(e->looked, SEAL_GROUP_FIRMWARE) && !seal_is(e->looked, SEAL_GROUP_CODE);
	json_t *c = json_object(), *properties = json_array();
	set(w, c, "type", json_string(firmware ? "firmware" : "file"));
	set(w, c, "name", text(w, e->path));
	set(w, c, "bom-ref", text(w, made_ref(w, "file", e->path)));
	set(w, c, "hashes", hashes(w, e->sha256));
	add(w, properties, property(w, "assay:kind", seal_kinds[seal_main_kind(e->looked)].name));
	if (e->looked->elf != NULL && e->looked->elf->soname != NULL)
		add(w, properties, property(w, "assay:soname", e->looked->elf->soname));
	if (e->looked->elf != NULL && e->looked->elf->build_id != NULL)
		add(w, properties, property(w, "assay:build-id", e->looked->elf->build_id));
	set(w, c, "properties", properties);
	add(w, w->components, c);
	add(w, w->top, text(w, made_ref(w, "file", e->path)));
}

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* What a file asks for: the file here that has this name, or the name, as a component from outside. */
static void
write_needs(struct writer *w, const struct seal_entry *e, const char **outside, size_t *outside_count)
{
	const struct seal_elf *elf = e->looked->elf;
	const char *refs[SEAL_NEEDED_MAX] = { NULL };
	size_t count = 0;
	json_t *on = json_array();
	for (size_t i = 0; elf != NULL && i < elf->needed_count; i++) {
		const struct provider wanted = { last_part(elf->needed[i]), NULL };
		const struct provider *p = bsearch(&wanted, w->providers, w->provider_count, sizeof *w->providers, by_provider_name);
		/* Of several the first by path: which one a loader takes is not for the bill to say. */
		while (p != NULL && p > w->providers && strcmp(p[-1].name, p->name) == 0)
			p--;
		if (p == NULL)
			outside[(*outside_count)++] = elf->needed[i];
		refs[count++] = p != NULL ? p->ref : made_ref(w, "soname", elf->needed[i]);
	}
	qsort(refs, count, sizeof refs[0], by_text);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(refs[i - 1], refs[i]) != 0)
			add(w, on, text(w, refs[i]));
	}
	depends(w, made_ref(w, "file", e->path), on);
}

static void
write_outside(struct writer *w, const char **names, size_t count)
{
	qsort(names, count, sizeof *names, by_text);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(names[i - 1], names[i]) == 0)
			continue;
		json_t *c = json_object(), *properties = json_array();
		set(w, c, "type", json_string("library"));
		set(w, c, "name", text(w, names[i]));
		set(w, c, "bom-ref", text(w, made_ref(w, "soname", names[i])));
		add(w, properties, property(w, "assay:origin", "outside of the release"));
		set(w, c, "properties", properties);
		add(w, w->components, c);
		depends(w, made_ref(w, "soname", names[i]), json_array());
	}
}

/* ---- packages ---- */

static void
write_package(struct writer *w, const struct seal_package *p)
{
	CLEANUP(buf_done) struct buf url = BUF_INIT(URL_MAX);
	json_t *c = json_object(), *properties = json_array();
	buf_addf(&url, "pkg:%s/", p->type);
	text_percent(&url, assay_span_str(p->name), ".-_~/");
	if (p->version[0] != '\0') {
		buf_add_byte(&url, '@');
		text_percent(&url, assay_span_str(p->version), ".-_~");
	}
	if (p->architecture != NULL) {
		buf_add_str(&url, "?arch=");
		text_percent(&url, assay_span_str(p->architecture), ".-_~");
	}
	w->failed = w->failed || url.status != ASSAY_OK;
	set(w, c, "type", json_string("library"));
	set(w, c, "name", text(w, p->name));
	set(w, c, "version", text(w, p->version));
	set(w, c, "purl", json_string(buf_str(&url)));
	const char *ref = made_ref(w, p->type, arena_printf(w->arena, "%s@%s", p->name, p->version));
	set(w, c, "bom-ref", text(w, ref));
	add(w, properties, property(w, p->in_source ? "assay:lockfile" : "assay:database", p->file));
	set(w, c, "properties", properties);
	add(w, w->components, c);
	add(w, w->top, text(w, ref));
}

/* ---- the whole ---- */

/* RFC 9562, version 8: of the manifest's digest, under a name of its own. */
static json_t *
serial(struct writer *w, const struct seal_product *product)
{
	static const char name[] = "assay CycloneDX serial number";
	unsigned char in[sizeof name + ASSAY_SHA256_SIZE], d[ASSAY_SHA256_SIZE];
	char hex[33];
	memcpy(in, name, sizeof name);
	memcpy(in + sizeof name, product->manifest, ASSAY_SHA256_SIZE);
	if (assay_sha256((struct assay_span){ in, sizeof in }, d) != ASSAY_OK) {
		w->failed = true;
		return NULL;
	}
	d[6] = (unsigned char)((d[6] & 0x0f) | 0x80);
	d[8] = (unsigned char)((d[8] & 0x3f) | 0x80);
	text_hex((struct assay_span){ d, 16 }, hex);
	return json_sprintf("urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static json_t *
metadata(struct writer *w, const struct seal_product *product)
{
	json_t *m = json_object(), *c = json_object(), *tools = json_object(), *list = json_array(), *tool = json_object();
	set(w, c, "type", json_string("application"));
	set(w, c, "name", text(w, product->name));
	set(w, c, "version", text(w, product->version));
	set(w, c, "bom-ref", json_string(SELF));
	set(w, m, "component", c);
	set(w, tool, "type", json_string("application"));
	set(w, tool, "name", json_string("assay"));
	set(w, tool, "version", json_string(ASSAY_VERSION));
	add(w, list, tool);
	set(w, tools, "components", list);
	set(w, m, "tools", tools);
	if (product->time != NULL)
		set(w, m, "timestamp", text(w, product->time));
	return m;
}

static enum assay_status
make_room(struct writer *w, const struct seal_entry *entries, size_t count, const char ***ret_outside, struct assay_error *err)
{
	size_t needed = 1;
	for (size_t i = 0; i < count; i++)
		needed += entries[i].looked->elf != NULL ? entries[i].looked->elf->needed_count : 0;
	w->files = arena_array(w->arena, count + 1, sizeof *w->files);
	w->providers = arena_array(w->arena, 2 * count + 1, sizeof *w->providers);
	*ret_outside = arena_array(w->arena, needed, sizeof **ret_outside);
	return w->files == NULL || w->providers == NULL || *ret_outside == NULL ? arena_full(err) : ASSAY_OK;
}

enum assay_status
seal_sbom_write(const struct seal_product *product, const struct seal_entry *entries, size_t count, const struct seal_packages *packages,
    struct arena *arena, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = json_object();
	struct writer w = { .arena = arena, .components = json_array(), .dependencies = json_array(), .top = json_array() };
	const char **outside = NULL;
	size_t outside_count = 0;
	set(&w, root, "bomFormat", json_string("CycloneDX"));
	set(&w, root, "specVersion", json_string("1.6"));
	set(&w, root, "version", json_integer(1));
	set(&w, root, "serialNumber", serial(&w, product));
	set(&w, root, "metadata", metadata(&w, product));
	set(&w, root, "components", w.components);
	set(&w, root, "dependencies", w.dependencies);
	depends(&w, SELF, w.top);
	TRY(make_room(&w, entries, count, &outside, err));
	take_files(&w, entries, count);
	for (size_t i = 0; i < w.file_count; i++) {
		write_file(&w, w.files[i]);
		write_needs(&w, w.files[i], outside, &outside_count);
	}
	write_outside(&w, outside, outside_count);
	for (size_t i = 0; i < packages->count; i++)
		write_package(&w, &packages->list[i]);
	if (w.failed)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a bill of materials");
	TRY(canon_write(root, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "bill of materials", err);
}
