/* SPDX-License-Identifier: Apache-2.0 */
/* Which packages a tree has, by the databases of those who installed them, and which a source asks for, by its lockfiles. */
#include "look.h"

#include <base/cleanup.h>
#include <codec/jsontree.h>
#include <seal/sbom.h>
#include <stdlib.h>

#define SCRATCH_MAX (256u << 20)
#define FIELD_MAX 512u

struct gather {
	struct arena *arena;
	struct seal_packages *out;
	size_t room;
	struct seal_package now; /* of a database: the stanza at hand */
	bool removed;
};

static enum assay_status
keep(struct gather *g, struct seal_package p, struct assay_error *err)
{
	struct seal_packages *o = g->out;
	if (p.name == NULL || p.name[0] == '\0')
		return ASSAY_OK;
	if (o->count == SEAL_PACKAGES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %u packages", SEAL_PACKAGES_MAX);
	if (o->count == g->room) {
		const size_t room = g->room == 0 ? 256 : 2 * g->room;
		struct seal_package *more = arena_array(g->arena, room, sizeof *more);
		if (more == NULL)
			return arena_full(err);
		if (o->count > 0)
			memcpy(more, o->list, o->count * sizeof *more);
		o->list = more;
		g->room = room;
	}
	if (p.version == NULL)
		p.version = "";
	o->list[o->count++] = p;
	return ASSAY_OK;
}

/* ---- databases of packages: stanzas of lines, parted by empty ones ---- */

static bool
field(struct assay_span line, const char *name, struct assay_span *ret_value)
{
	const size_t len = strlen(name);
	if (line.len < len || line.len - len > FIELD_MAX || memcmp(line.data, name, len) != 0)
		return false;
	size_t from = len, to = line.len;
	while (from < to && line.data[from] == ' ')
		from++;
	while (to > from && (line.data[to - 1] == ' ' || line.data[to - 1] == '\r'))
		to--;
	*ret_value = (struct assay_span){ line.data + from, to - from };
	return true;
}

static enum assay_status
flush(struct gather *g, struct assay_error *err)
{
	const struct seal_package p = g->now;
	const bool removed = g->removed;
	g->now = (struct seal_package){ .type = p.type, .file = p.file, .in_source = p.in_source };
	g->removed = false;
	return removed ? ASSAY_OK : keep(g, p, err);
}

/* What is in a state other than installed is not there, or not all of it is. */
static bool
not_installed(struct assay_span status)
{
	static const char there[] = " installed";
	const size_t len = sizeof there - 1;
	return status.len < len || memcmp(status.data + status.len - len, there, len) != 0;
}

static enum assay_status
stanza_line(struct gather *g, struct assay_span line, const char *const names[4], struct assay_error *err)
{
	struct assay_span value = { NULL, 0 };
	const char **const places[3] = { &g->now.name, &g->now.version, &g->now.architecture };
	if (line.len == 0 || (line.len == 1 && line.data[0] == '\r'))
		return flush(g, err);
	for (size_t i = 0; i < 3; i++) {
		if (!field(line, names[i], &value))
			continue;
		*places[i] = arena_copy(g->arena, value);
		if (*places[i] == NULL)
			return arena_full(err);
	}
	if (names[3] != NULL && field(line, names[3], &value))
		g->removed = not_installed(value);
	return ASSAY_OK;
}

static enum assay_status
stanzas(struct gather *g, struct assay_span b, const char *const names[4], struct assay_error *err)
{
	while (b.len > 0) {
		const unsigned char *end = memchr(b.data, '\n', b.len);
		const size_t len = end == NULL ? b.len : (size_t)(end - b.data), used = end == NULL ? len : len + 1;
		TRY(stanza_line(g, (struct assay_span){ b.data, len }, names, err));
		b = (struct assay_span){ b.data + used, b.len - used };
	}
	return flush(g, err);
}

static enum assay_status
read_debian(struct gather *g, struct assay_span b, struct assay_error *err)
{
	static const char *const names[4] = { "Package:", "Version:", "Architecture:", "Status:" };
	return stanzas(g, b, names, err);
}

static enum assay_status
read_apk(struct gather *g, struct assay_span b, struct assay_error *err)
{
	static const char *const names[4] = { "P:", "V:", "A:", NULL };
	return stanzas(g, b, names, err);
}

/* ---- lockfiles ---- */

/* npm: "packages" by the folder that each lies in, or before version 7 "dependencies" by name. */
static enum assay_status
npm_object(struct gather *g, const struct jsontree *object, bool by_folder, unsigned depth, struct assay_error *err)
{
	static const char folder[] = "node_modules/";
	for (const struct jsontree *m = object == NULL ? NULL : object->first; m != NULL; m = m->next) {
		const char *name = m->key, *version = jsontree_str(m, "version");
		for (const char *p = name; by_folder && (p = strstr(p, folder)) != NULL;)
			name = p += sizeof folder - 1;
		if (m->kind != JSONTREE_OBJECT || version == NULL || name[0] == '\0' || jsontree_true(m, "link"))
			continue;
		struct seal_package p = g->now;
		p.name = arena_str(g->arena, name);
		p.version = arena_str(g->arena, version);
		if (p.name == NULL || p.version == NULL)
			return arena_full(err);
		TRY(keep(g, p, err));
		if (!by_folder && depth < SEAL_SBOM_DEPTH_MAX)
			TRY(npm_object(g, jsontree_get(m, "dependencies"), false, depth + 1, err));
	}
	return ASSAY_OK;
}

static enum assay_status
read_npm(struct gather *g, struct assay_span b, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *scratch = NULL;
	struct jsontree *root = NULL;
	TRY(arena_new(SCRATCH_MAX, &scratch));
	TRY(jsontree_parse(b, g->now.file, scratch, &root, err));
	const struct jsontree *packages = jsontree_get(root, "packages");
	return packages != NULL ? npm_object(g, packages, true, 0, err) : npm_object(g, jsontree_get(root, "dependencies"), false, 0, err);
}

/* Cargo.lock: tables [[package]] with lines name = "..." and version = "...". */
static enum assay_status
read_cargo(struct gather *g, struct assay_span b, struct assay_error *err)
{
	static const struct {
		const char *begin;
		bool version;
	} rows[] = { { "name = \"", false }, { "version = \"", true } };
	bool inside = false;
	while (b.len > 0) {
		const unsigned char *end = memchr(b.data, '\n', b.len);
		const size_t len = end == NULL ? b.len : (size_t)(end - b.data), used = end == NULL ? len : len + 1;
		struct assay_span line = { b.data, len }, value = { NULL, 0 };
		if (len > 0 && b.data[0] == '[') {
			TRY(flush(g, err));
			inside = len >= 11 && memcmp(b.data, "[[package]]", 11) == 0;
		}
		for (size_t i = 0; inside && i < 2; i++) {
			if (!field(line, rows[i].begin, &value) || value.len == 0 || value.data[value.len - 1] != '"')
				continue;
			const char *text = arena_copy(g->arena, (struct assay_span){ value.data, value.len - 1 });
			if (text == NULL)
				return arena_full(err);
			*(rows[i].version ? &g->now.version : &g->now.name) = text;
		}
		b = (struct assay_span){ b.data + used, b.len - used };
	}
	return flush(g, err);
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == ';' || c == '\\' || c == '#';
}

/* NAME==VERSION, the name without what stands in brackets behind it; false when it is anything else. */
static bool
pinned(struct assay_span line, struct assay_span *ret_name, struct assay_span *ret_version)
{
	const unsigned char *sign = line.len < FIELD_MAX ? memmem(line.data, line.len, "==", 2) : NULL;
	if (sign == NULL || is_blank(line.data[0]) || line.data[0] == '-')
		return false;
	const size_t from = (size_t)(sign - line.data) + 2;
	size_t name = 0, to = from;
	while (name + 2 < from && line.data[name] != '[' && !is_blank(line.data[name]))
		name++;
	while (to < line.len && !is_blank(line.data[to]))
		to++;
	*ret_name = (struct assay_span){ line.data, name };
	*ret_version = (struct assay_span){ line.data + from, to - from };
	return true;
}

/* requirements*.txt; whatever is asked for without '==' has no one version. */
static enum assay_status
read_pip(struct gather *g, struct assay_span b, struct assay_error *err)
{
	while (b.len > 0) {
		const unsigned char *end = memchr(b.data, '\n', b.len);
		const size_t len = end == NULL ? b.len : (size_t)(end - b.data), used = end == NULL ? len : len + 1;
		struct assay_span name, version;
		if (pinned((struct assay_span){ b.data, len }, &name, &version)) {
			g->now.name = arena_copy(g->arena, name);
			g->now.version = arena_copy(g->arena, version);
			if (g->now.name == NULL || g->now.version == NULL)
				return arena_full(err);
			TRY(flush(g, err));
		}
		b = (struct assay_span){ b.data + used, b.len - used };
	}
	return ASSAY_OK;
}

struct database {
	const char *pattern, *type;
	enum assay_status (*read)(struct gather *g, struct assay_span b, struct assay_error *err);
};
static const struct database databases[] = {
	{ "var/lib/dpkg/status", "deb", read_debian }, { "var/lib/dpkg/status.d/*", "deb", read_debian }, { "lib/apk/db/installed", "apk", read_apk },
	{ "usr/lib/opkg/status", "opkg", read_debian }, { "var/lib/opkg/status", "opkg", read_debian },
};
static const struct database lockfiles[] = {
	{ "package-lock.json", "npm", read_npm }, { "npm-shrinkwrap.json", "npm", read_npm }, { "Cargo.lock", "cargo", read_cargo },
	{ "requirements*.txt", "pypi", read_pip },
};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const struct database *
database_of(const struct database *list, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (look_placed(path, list[i].pattern))
			return &list[i];
	}
	return NULL;
}

bool
seal_is_database(const char *path)
{
	return database_of(databases, COUNT(databases), path) != NULL;
}

bool
seal_is_lockfile(const char *path)
{
	return database_of(lockfiles, COUNT(lockfiles), path) != NULL;
}

static enum assay_status
read_one(struct gather *g, const struct database *d, const char *path, struct assay_span b, struct assay_error *err)
{
	const size_t before = g->out->count;
	g->now = (struct seal_package){ .type = d->type, .file = path, .in_source = d >= lockfiles && d < lockfiles + COUNT(lockfiles) };
	g->removed = false;
	const enum assay_status status = d->read(g, b, err);
	if (status == ASSAY_OK) {
		g->out->databases++;
	} else if (status == ASSAY_E_FORMAT || status == ASSAY_E_LIMIT) {
		g->out->count = before;
		g->out->unread = path;
		assay_error_clear(err);
		return ASSAY_OK;
	}
	return status;
}

static int
by_name(const void *a, const void *b)
{
	const struct seal_package *x = a, *y = b;
	int order = strcmp(x->type, y->type);
	order = order != 0 ? order : strcmp(x->name, y->name);
	order = order != 0 ? order : strcmp(x->version, y->version);
	order = order != 0 ? order : (int)x->in_source - (int)y->in_source;
	return order != 0 ? order : strcmp(x->file, y->file);
}

static enum assay_status
read_tree(struct gather *g, const struct seal_file *files, size_t count, struct assay_error *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct database *d = database_of(databases, COUNT(databases), files[i].path);
		if (d != NULL && files[i].type == SEAL_TYPE_FILE && files[i].bytes.len == files[i].size)
			TRY(read_one(g, d, files[i].path, files[i].bytes, err));
		else if (d != NULL)
			g->out->unread = files[i].path;
	}
	return ASSAY_OK;
}

static enum assay_status
read_source(struct gather *g, const struct sources *source, struct assay_error *err)
{
	for (size_t i = 0; i < source->count; i++) {
		const struct source_file *f = &source->files[i];
		const struct database *d = database_of(lockfiles, COUNT(lockfiles), f->path);
		if (d != NULL && sources_is_file(f) && f->has_bytes)
			TRY(read_one(g, d, f->path, f->bytes, err));
		else if (d != NULL)
			g->out->unread = f->path;
	}
	return ASSAY_OK;
}

/* Sorted, and each once. */
static void
settle(struct seal_packages *o)
{
	size_t kept = 0;
	if (o->count > 0)
		qsort(o->list, o->count, sizeof *o->list, by_name);
	for (size_t i = 0; i < o->count; i++) {
		const struct seal_package *last = kept > 0 ? &o->list[kept - 1] : NULL, *p = &o->list[i];
		if (last == NULL || strcmp(last->type, p->type) != 0 || strcmp(last->name, p->name) != 0 || strcmp(last->version, p->version) != 0)
			o->list[kept++] = *p;
	}
	o->count = kept;
}

enum assay_status
seal_packages(const struct seal_file *files, size_t count, const struct sources *source, struct arena *arena,
    struct seal_packages *ret_packages, struct assay_error *err)
{
	struct seal_packages out = { .list = NULL };
	struct gather g = { .arena = arena, .out = &out };
	TRY(read_tree(&g, files, count, err));
	if (source != NULL)
		TRY(read_source(&g, source, err));
	settle(&out);
	*ret_packages = out;
	return ASSAY_OK;
}
