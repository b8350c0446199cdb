/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX 1.4 to 1.6 and SPDX 2.3, as JSON: what they say of components, versions and digests. */
#include <seal/sbom.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>
#include <string.h>

struct reading {
	const char *name;
	struct arena *arena;
	struct seal_sbom *out;
	struct seal_sbom_component *list;
	size_t room;
	struct assay_error *err;
};

static enum assay_status
bad(const struct reading *r, const struct jsontree *at, enum assay_status status, const char *what)
{
	assay_fail(r->err, status, "%s", what);
	return assay_error_at(r->err, status, r->name, at->line, at->column);
}

static enum assay_status
keep(struct reading *r, const struct jsontree *at, struct seal_sbom_component c)
{
	if (c.name == NULL || c.name[0] == '\0')
		return bad(r, at, ASSAY_E_FORMAT, "a component without a name");
	if (r->out->count == SEAL_SBOM_COMPONENTS_MAX)
		return bad(r, at, ASSAY_E_LIMIT, "more components than are read");
	if (r->out->count == r->room) {
		const size_t room = r->room == 0 ? 256 : 2 * r->room;
		struct seal_sbom_component *more = arena_array(r->arena, room, sizeof *more);
		if (more == NULL)
			return arena_full(r->err);
		if (r->out->count > 0)
			memcpy(more, r->list, r->out->count * sizeof *more);
		r->list = more;
		r->room = room;
	}
	c.line = at->line;
	r->list[r->out->count++] = c;
	return ASSAY_OK;
}

static bool
is_sha256(const char *text)
{
	return text != NULL && strlen(text) == (size_t)2 * ASSAY_SHA256_SIZE && text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* How the formats name their digests. */
static const struct digest_words {
	const char *algorithm, *sha256, *value;
} cyclonedx_words = { "alg", "SHA-256", "content" }, spdx_words = { "algorithm", "SHA256", "checksumValue" };

/* Of a list of {algorithm, value}: the first SHA-256, and that there are others. */
static void
digests_of(const struct jsontree *list, const struct digest_words *words, struct seal_sbom_component *c)
{
	for (const struct jsontree *h = list == NULL || list->kind != JSONTREE_ARRAY ? NULL : list->first; h != NULL; h = h->next) {
		const char *is = jsontree_str(h, words->algorithm), *value = jsontree_str(h, words->value);
		if (c->sha256 == NULL && is != NULL && strcmp(is, words->sha256) == 0 && is_sha256(value))
			c->sha256 = value;
		else
			c->other = is == NULL ? "no name" : is;
	}
}

/* ---- CycloneDX ---- */

static enum assay_status
component(struct reading *r, const struct jsontree *c, bool self, unsigned depth)
{
	const char *group = jsontree_str(c, "group"), *name = jsontree_str(c, "name");
	if (c->kind != JSONTREE_OBJECT)
		return bad(r, c, ASSAY_E_FORMAT, "a component that is no object");
	if (depth > SEAL_SBOM_DEPTH_MAX)
		return bad(r, c, ASSAY_E_LIMIT, "components nested too deep");
	struct seal_sbom_component out = { .type = jsontree_str(c, "type"), .name = name, .version = jsontree_str(c, "version"),
		.purl = jsontree_str(c, "purl"), .self = self };
	digests_of(jsontree_get(c, "hashes"), &cyclonedx_words, &out);
	if (out.type == NULL)
		return bad(r, c, ASSAY_E_FORMAT, "a component without a type");
	if (group != NULL && group[0] != '\0' && name != NULL) {
		out.name = arena_printf(r->arena, "%s/%s", group, name);
		if (out.name == NULL)
			return arena_full(r->err);
	}
	TRY(keep(r, c, out));
	const struct jsontree *nested = jsontree_get(c, "components");
	for (const struct jsontree *n = nested == NULL || nested->kind != JSONTREE_ARRAY ? NULL : nested->first; n != NULL; n = n->next)
		TRY(component(r, n, false, depth + 1));
	return ASSAY_OK;
}

static bool
is_serial(const char *serial)
{
	static const char form[] = "urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	bool other_than_zero = false;
	if (serial == NULL || strlen(serial) != sizeof form - 1)
		return false;
	for (size_t i = 0; i < sizeof form - 1; i++) {
		const bool digit = strchr("0123456789abcdef", serial[i]) != NULL;
		if (form[i] == 'x' && i > 8 ? !digit : serial[i] != form[i])
			return false;
		other_than_zero = other_than_zero || (i > 8 && digit && serial[i] != '0');
	}
	return other_than_zero;
}

static enum assay_status
read_cyclonedx(struct reading *r, const struct jsontree *root)
{
	static const char *const versions[] = { "1.4", "1.5", "1.6" };
	const struct jsontree *metadata = jsontree_get(root, "metadata"), *self = jsontree_get(metadata, "component");
	const struct jsontree *list = jsontree_get(root, "components"), *revision = jsontree_get(root, "version");
	struct seal_sbom *o = r->out;
	bool known = false;
	o->format = SEAL_CYCLONEDX;
	o->spec = jsontree_str(root, "specVersion");
	for (size_t i = 0; i < 3; i++)
		known = known || (o->spec != NULL && strcmp(o->spec, versions[i]) == 0);
	if (!known)
		return bad(r, root, ASSAY_E_VERSION, "CycloneDX of a version that isn't read here: 1.4, 1.5 and 1.6 are");
	o->serial = jsontree_str(root, "serialNumber");
	o->serial_sound = is_serial(o->serial);
	uint64_t number = 1;
	if (revision != NULL && (revision->kind != JSONTREE_NUMBER || text_to_u64(assay_span_str(revision->text), &number) != ASSAY_OK))
		number = 0;
	o->revision_sound = number >= 1;
	if (self != NULL) {
		o->name = jsontree_str(self, "name");
		o->version = jsontree_str(self, "version");
		TRY(component(r, self, true, 0));
	}
	if (list != NULL && list->kind != JSONTREE_ARRAY)
		return bad(r, list, ASSAY_E_FORMAT, "'components' is no list");
	for (const struct jsontree *c = list == NULL ? NULL : list->first; c != NULL; c = c->next)
		TRY(component(r, c, false, 0));
	return ASSAY_OK;
}

/* ---- SPDX ---- */

static const char *
spdx_purl(const struct jsontree *package)
{
	const struct jsontree *list = jsontree_get(package, "externalRefs");
	for (const struct jsontree *e = list == NULL || list->kind != JSONTREE_ARRAY ? NULL : list->first; e != NULL; e = e->next) {
		const char *type = jsontree_str(e, "referenceType");
		if (type != NULL && strcmp(type, "purl") == 0)
			return jsontree_str(e, "referenceLocator");
	}
	return NULL;
}

/* What the document is about: the first package that it says it describes, by either of two ways; "" when it doesn't say. */
static const char *
described(const struct jsontree *root)
{
	const struct jsontree *list = jsontree_get(root, "documentDescribes");
	if (list != NULL && list->kind == JSONTREE_ARRAY && list->first != NULL && list->first->kind == JSONTREE_STRING)
		return list->first->text;
	list = jsontree_get(root, "relationships");
	for (const struct jsontree *d = list == NULL || list->kind != JSONTREE_ARRAY ? NULL : list->first; d != NULL; d = d->next) {
		const char *type = jsontree_str(d, "relationshipType"), *from = jsontree_str(d, "spdxElementId"), *to = jsontree_str(d, "relatedSpdxElement");
		const bool whole = type != NULL && from != NULL && to != NULL;
		if (whole && strcmp(type, "DESCRIBES") == 0 && strcmp(from, "SPDXRef-DOCUMENT") == 0)
			return to;
	}
	return "";
}

static enum assay_status
spdx_packages(struct reading *r, const struct jsontree *root, const struct jsontree *list)
{
	struct seal_sbom *o = r->out;
	const char *about = described(root);
	for (const struct jsontree *p = list == NULL || list->kind != JSONTREE_ARRAY ? NULL : list->first; p != NULL; p = p->next) {
		const char *id = jsontree_str(p, "SPDXID");
		const bool self = id != NULL && strcmp(about, id) == 0;
		struct seal_sbom_component c = { .type = "package", .name = jsontree_str(p, "name"), .version = jsontree_str(p, "versionInfo"),
			.purl = spdx_purl(p), .self = self };
		digests_of(jsontree_get(p, "checksums"), &spdx_words, &c);
		if (self) {
			o->name = c.name;
			o->version = c.version;
		}
		TRY(keep(r, p, c));
	}
	return ASSAY_OK;
}

static enum assay_status
read_spdx(struct reading *r, const struct jsontree *root, const char *version)
{
	struct seal_sbom *o = r->out;
	if (strcmp(version, "SPDX-2.3") != 0)
		return bad(r, root, ASSAY_E_VERSION, "SPDX of a version that isn't read here: 2.3 is");
	o->format = SEAL_SPDX;
	o->spec = "2.3";
	o->serial = jsontree_str(root, "documentNamespace");
	o->serial_sound = o->serial != NULL && strstr(o->serial, "://") != NULL;
	o->revision_sound = true;
	TRY(spdx_packages(r, root, jsontree_get(root, "packages")));
	const struct jsontree *files = jsontree_get(root, "files");
	for (const struct jsontree *f = files == NULL || files->kind != JSONTREE_ARRAY ? NULL : files->first; f != NULL; f = f->next) {
		struct seal_sbom_component c = { .type = "file", .name = jsontree_str(f, "fileName") };
		digests_of(jsontree_get(f, "checksums"), &spdx_words, &c);
		TRY(keep(r, f, c));
	}
	return ASSAY_OK;
}

enum assay_status
seal_sbom_read(struct assay_span bytes, const char *name, struct arena *arena, struct seal_sbom *ret_sbom, struct assay_error *err)
{
	struct seal_sbom out = { .format = SEAL_CYCLONEDX };
	struct reading r = { .name = name, .arena = arena, .out = &out, .err = err };
	struct jsontree *root = NULL;
	TRY(jsontree_parse(bytes, name, arena, &root, err));
	const char *cyclonedx = jsontree_str(root, "bomFormat"), *spdx = jsontree_str(root, "spdxVersion");
	if (cyclonedx != NULL && strcmp(cyclonedx, "CycloneDX") == 0)
		TRY(read_cyclonedx(&r, root));
	else if (spdx != NULL)
		TRY(read_spdx(&r, root, spdx));
	else
		return bad(&r, root, ASSAY_E_FORMAT, "neither CycloneDX nor SPDX: no 'bomFormat' and no 'spdxVersion'");
	out.components = r.list;
	*ret_sbom = out;
	return ASSAY_OK;
}
