/* SPDX-License-Identifier: Apache-2.0 */
#include "docx.h"
#include <codec/xml.h>

#include <base/cleanup.h>
#include <string.h>

const char *
docx_name(const char *name)
{
	static const struct {
		const char *space;
		size_t skip;
	} spaces[] = {
		{ "http://schemas.openxmlformats.org/wordprocessingml/2006/main ", 0 },
		{ "http://purl.oclc.org/ooxml/wordprocessingml/main ", 0 },
	};
	static const char compatibility[] = "http://schemas.openxmlformats.org/markup-compatibility/2006 ";
	for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
		if (strncmp(name, spaces[i].space, strlen(spaces[i].space)) == 0)
			return xml_local(name);
	}
	if (strncmp(name, compatibility, sizeof compatibility - 1) != 0)
		return NULL;
	name = xml_local(name);
	return strcmp(name, "AlternateContent") == 0 ? "mc:AlternateContent"
	    : strcmp(name, "Choice") == 0	     ? "mc:Choice"
	    : strcmp(name, "Fallback") == 0	     ? "mc:Fallback"
						     : NULL;
}

bool
docx_on(const char **attributes)
{
	static const char *const off[] = { "0", "false", "off", "none" };
	const char *value = xml_attribute(attributes, "val");
	for (size_t i = 0; value != NULL && i < sizeof off / sizeof off[0]; i++) {
		if (strcmp(value, off[i]) == 0)
			return false;
	}
	return true;
}

struct reading {
	struct arena *arena;
	struct docx_styles *out;
	struct docx_style *now; /* NULL outside of a style */
	enum assay_status status;
};

static const char *
keep(struct reading *r, const char *text)
{
	const char *kept = text != NULL ? arena_str(r->arena, text) : NULL;
	if (text != NULL && kept == NULL)
		r->status = ASSAY_E_MEMORY;
	return kept;
}

/* Names stay English whatever the language of the program; ids don't. */
static void
take_name(struct docx_style *s, const char *name)
{
	static const char *const code[] = { "HTML Preformatted", "Source Code", "Code", "Verbatim Char", "Plain Text" };
	s->heading = strncasecmp(name, "heading ", 8) == 0 || strcasecmp(name, "Title") == 0
	    || strncasecmp(name, "toc ", 4) == 0;
	s->item = strncasecmp(name, "List", 4) == 0;
	for (size_t i = 0; i < sizeof code / sizeof code[0]; i++)
		s->code = s->code || strcasecmp(name, code[i]) == 0;
}

static void
on_open(void *context, const char *name, const char **attributes)
{
	struct reading *r = context;
	const char *local = docx_name(name);
	const char *value = xml_attribute(attributes, "val");
	if (local == NULL)
		return;
	if (strcmp(local, "style") == 0 && r->out->count < STYLES_MAX) {
		r->now = &r->out->items[r->out->count++];
		r->now->id = keep(r, xml_attribute(attributes, "styleId"));
	} else if (r->now == NULL) {
		return;
	} else if (strcmp(local, "name") == 0 && value != NULL) {
		take_name(r->now, value);
	} else if (strcmp(local, "basedOn") == 0) {
		r->now->based_on = keep(r, value);
	} else if (strcmp(local, "numPr") == 0) {
		r->now->item = true;
	} else if (strcmp(local, "vanish") == 0 || strcmp(local, "strike") == 0 || strcmp(local, "dstrike") == 0) {
		r->now->hidden = docx_on(attributes);
	}
}

static void
on_close(void *context, const char *name)
{
	struct reading *r = context;
	const char *local = docx_name(name);
	if (local != NULL && strcmp(local, "style") == 0)
		r->now = NULL;
}

enum assay_status
docx_read_styles(struct assay_span xml, const char *name, struct arena *arena, struct docx_styles *ret_styles,
    struct assay_error *err)
{
	struct docx_styles out = { .items = arena_array(arena, STYLES_MAX, sizeof *out.items) };
	struct reading r = { .arena = arena, .out = &out };
	const struct xml_events events = { &r, on_open, on_close, NULL };
	if (out.items == NULL)
		return arena_full(err);
	TRY(xml_read(xml, name, &events, err));
	if (r.status != ASSAY_OK)
		return arena_full(err);
	*ret_styles = out;
	return ASSAY_OK;
}

static const struct docx_style *
find(const struct docx_styles *s, const char *id)
{
	for (size_t i = 0; id != NULL && i < s->count; i++) {
		if (s->items[i].id != NULL && strcmp(s->items[i].id, id) == 0)
			return &s->items[i];
	}
	return NULL;
}

struct docx_style
docx_style_of(const struct docx_styles *s, const char *id)
{
	struct docx_style all = { .id = id };
	const struct docx_style *at = find(s, id);
	for (size_t depth = 0; at != NULL && depth < STYLE_CHAIN_MAX; depth++) {
		all.heading = all.heading || at->heading;
		all.code = all.code || at->code;
		all.item = all.item || at->item;
		all.hidden = all.hidden || at->hidden;
		at = find(s, at->based_on);
	}
	return all;
}
