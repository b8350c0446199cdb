/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DOCX: which parts of the package are the document is said by its relationships, not by names.
 */
#include "docx.h"
#include <codec/xml.h>
#include "zip.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define PARTS_MAX 64
#define TARGET_MAX 512

enum role { ROLE_MAIN, ROLE_STYLES, ROLE_TEXT, ROLE_ASIDE, ROLE_MACRO, ROLE_OBJECT, ROLE_FETCHED, ROLE_COUNT };

/* The last part of a relationship's type. */
static const struct {
	const char *type;
	enum role role;
} roles[] = {
	{ "officeDocument", ROLE_MAIN },
	{ "styles", ROLE_STYLES },
	{ "header", ROLE_TEXT },
	{ "footer", ROLE_TEXT },
	{ "footnotes", ROLE_TEXT },
	{ "endnotes", ROLE_TEXT },
	{ "comments", ROLE_ASIDE },
	{ "vbaProject", ROLE_MACRO },
	{ "wordVbaData", ROLE_MACRO },
	{ "oleObject", ROLE_OBJECT },
	{ "package", ROLE_OBJECT },
	{ "aFChunk", ROLE_OBJECT },
	{ "subDocument", ROLE_OBJECT },
	{ "control", ROLE_OBJECT },
	{ "attachedTemplate", ROLE_FETCHED },
	{ "frame", ROLE_FETCHED },
};

struct relation {
	enum role role;
	bool external;
	char target[TARGET_MAX];
};

struct package {
	struct zip zip;
	struct docs_builder *b;
	char base[TARGET_MAX]; /* folder of the part whose relations are read, with its '/' */
	struct relation relations[PARTS_MAX];
	size_t count;
	bool too_many;
};

/* ---- relationships ---- */

static void
resolve(const struct package *p, const char *target, char out[TARGET_MAX])
{
	if (target[0] == '/')
		(void)snprintf(out, TARGET_MAX, "%s", target + 1);
	else
		(void)snprintf(out, TARGET_MAX, "%s%s", p->base, target);
}

static void
on_relation(void *context, const char *name, const char **attributes)
{
	struct package *p = context;
	const char *type = xml_attribute(attributes, "Type"), *target = xml_attribute(attributes, "Target");
	const char *mode = xml_attribute(attributes, "TargetMode");
	if (strcmp(xml_local(name), "Relationship") != 0 || type == NULL || target == NULL)
		return;
	const char *last = strrchr(type, '/');
	for (size_t i = 0; last != NULL && i < sizeof roles / sizeof roles[0]; i++) {
		if (strcmp(last + 1, roles[i].type) != 0)
			continue;
		if (p->count == PARTS_MAX) {
			p->too_many = true;
			return;
		}
		struct relation *r = &p->relations[p->count++];
		r->role = roles[i].role;
		r->external = mode != NULL && strcasecmp(mode, "External") == 0;
		resolve(p, target, r->target);
	}
}

static void
on_close(void *context, const char *name)
{
	(void)context, (void)name;
}

/* The relationships of a part ("" for the package's own); none is no error. */
static enum assay_status
read_relations(struct package *p, const char *part, struct assay_error *err)
{
	char path[2 * TARGET_MAX];
	const struct xml_events events = { p, on_relation, on_close, NULL };
	struct assay_span bytes;
	const char *slash = strrchr(part, '/');
	const int folder = slash != NULL ? (int)(slash - part) + 1 : 0;
	(void)snprintf(p->base, sizeof p->base, "%.*s", folder, part);
	(void)snprintf(path, sizeof path, "%s_rels/%s.rels", p->base, part + folder);
	p->count = 0;
	const struct zip_member *m = zip_find(&p->zip, path);
	if (m == NULL)
		return ASSAY_OK;
	TRY(zip_read(&p->zip, m, &bytes, err));
	TRY(xml_read(bytes, path, &events, err));
	if (p->too_many)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d parts", PARTS_MAX);
	return ASSAY_OK;
}

/* ---- parts ---- */

static enum assay_status
read_member(struct package *p, const char *name, struct assay_span *ret_bytes, struct assay_error *err)
{
	const struct zip_member *m = zip_find(&p->zip, name);
	if (m == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' isn't in it", name);
	return zip_read(&p->zip, m, ret_bytes, err);
}

static enum assay_status
find_main(struct package *p, char ret_main[TARGET_MAX], struct assay_error *err)
{
	size_t found = 0;
	TRY(read_relations(p, "", err));
	for (size_t i = 0; i < p->count; i++) {
		if (p->relations[i].role != ROLE_MAIN || p->relations[i].external)
			continue;
		(void)snprintf(ret_main, TARGET_MAX, "%s", p->relations[i].target);
		found++;
	}
	return found == 1 ? ASSAY_OK
			  : assay_fail(err, ASSAY_E_FORMAT, "the package doesn't name one part as its document");
}

static enum assay_status
read_role(struct package *p, enum role role, const struct docx_styles *styles, unsigned *number, struct assay_error *err)
{
	struct assay_span bytes;
	for (size_t i = 0; i < p->count; i++) {
		const struct relation *r = &p->relations[i];
		if (r->role != role || r->external)
			continue;
		TRY(read_member(p, r->target, &bytes, err));
		TRY(docx_read_part(bytes, r->target, styles, role == ROLE_TEXT, number, p->b, err));
	}
	return ASSAY_OK;
}

static enum assay_status
read_styles(struct package *p, struct docx_styles *styles, struct assay_error *err)
{
	struct assay_span bytes;
	for (size_t i = 0; i < p->count; i++) {
		if (p->relations[i].role != ROLE_STYLES || p->relations[i].external)
			continue;
		TRY(read_member(p, p->relations[i].target, &bytes, err));
		return docx_read_styles(bytes, p->relations[i].target, p->b->arena, styles, err);
	}
	return ASSAY_OK;
}

/* ---- what isn't text ---- */

static void
note_relations(struct package *p)
{
	static const enum docs_note_kind kinds[ROLE_COUNT] = { [ROLE_MACRO] = DOCS_MACRO, [ROLE_OBJECT] = DOCS_UNREAD,
		[ROLE_FETCHED] = DOCS_EXTERNAL };
	for (size_t i = 0; i < p->count; i++) {
		const struct relation *r = &p->relations[i];
		/* A template of the writer's own folder is where it was typed, not what it says. */
		const bool fetched = r->role == ROLE_FETCHED && r->external && strstr(r->target, "://") != NULL
		    && strncmp(r->target + strlen(p->base), "file:", 5) != 0;
		const bool other = r->role == ROLE_MACRO || r->role == ROLE_OBJECT || (r->role != ROLE_FETCHED && r->external);
		if (CATCH(docx_template_elsewhere, fetched) || CATCH(docx_imported_part, other))
			docs_build_note(p->b, r->external ? DOCS_EXTERNAL : kinds[r->role], 0, r->target);
	}
}

static bool
ends_with(const char *text, const char *end)
{
	const size_t n = strlen(text), m = strlen(end);
	return n >= m && strcasecmp(text + n - m, end) == 0;
}

/* Macros that no relationship names are not run, and shouldn't be there. */
static void
note_members(struct package *p)
{
	for (size_t i = 0; i < p->zip.count; i++) {
		const char *name = p->zip.members[i].name;
		if (CATCH(docx_macro, ends_with(name, "vbaProject.bin")))
			docs_build_note(p->b, DOCS_MACRO, 0, name);
		else if (CATCH(docx_workbook, strcasestr(name, "embeddings/") != NULL || strcasestr(name, "activeX/") != NULL))
			docs_build_note(p->b, DOCS_UNREAD, 0, name);
	}
}

enum assay_status
docs_docx(struct assay_span bytes, struct docs_builder *b, struct assay_error *err)
{
	struct package p = { .b = b };
	struct docx_styles styles = { 0 };
	char main_part[TARGET_MAX] = "";
	struct assay_span xml;
	unsigned number = 0;
	TRY(zip_open(bytes, b->arena, &p.zip, err));
	TRY(find_main(&p, main_part, err));
	TRY(read_relations(&p, main_part, err));
	TRY(read_styles(&p, &styles, err));
	TRY(read_member(&p, main_part, &xml, err));
	TRY(docx_read_part(xml, main_part, &styles, true, &number, b, err));
	TRY(read_role(&p, ROLE_TEXT, &styles, &number, err));
	TRY(read_role(&p, ROLE_ASIDE, &styles, &number, err));
	note_relations(&p);
	note_members(&p);
	return ASSAY_OK;
}
