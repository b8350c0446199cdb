/* SPDX-License-Identifier: Apache-2.0 */
#include "docx.h"
#include <codec/xml.h>

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define NESTED_MAX 16 /* text boxes in text boxes, and alternatives in alternatives */
#define FIELD_MAX 256

/* A paragraph that is open; further ones lie in its text boxes. */
struct paragraph {
	unsigned number;
	size_t column;
	enum docs_block_kind kind;
	bool hidden;
};

struct part {
	struct docs_builder *b;
	const struct docx_styles *styles;
	bool shown;
	unsigned *number;
	struct paragraph open[NESTED_MAX];
	size_t depth;       /* of open */
	bool too_deep;
	unsigned cells, rows;
	bool in_text, in_field;
	bool in_mark;       /* properties of the paragraph's own mark, which is no text */
	bool run_hidden;
	unsigned deleted;   /* depth of what was deleted or moved away */
	unsigned skipped;   /* depth of alternatives that aren't shown */
	bool taken[NESTED_MAX], left_out[NESTED_MAX]; /* one branch was shown; the open branch isn't */
	size_t alternatives;
	bool revised;
	struct buf hidden;  /* text of the paragraph that isn't shown */
	char field[FIELD_MAX];
};

/* ---- text ---- */

static void
add(struct part *p, const char *text, size_t len)
{
	if (p->depth == 0 || p->skipped > 0)
		return;
	struct paragraph *now = &p->open[p->depth - 1];
	if (CATCH(docx_deleted, p->deleted > 0))
		return;
	if (!p->shown || CATCH(docx_nobody_sees, p->run_hidden || now->hidden)) {
		buf_add(&p->hidden, text, len);
		return;
	}
	docs_build_add(p->b, text, len, now->number, (unsigned)now->column);
	now->column += len;
}

static void
on_text(void *context, const char *text, size_t len)
{
	struct part *p = context;
	if (p->in_text)
		add(p, text, len);
	const size_t used = strlen(p->field);
	if (p->in_field && used + len < sizeof p->field) {
		memcpy(p->field + used, text, len);
		p->field[used + len] = '\0';
	}
}

/* ---- paragraphs ---- */

static void
open_paragraph(struct part *p)
{
	if (p->depth == NESTED_MAX) {
		p->too_deep = true;
		return;
	}
	struct paragraph *now = &p->open[p->depth++];
	*now = (struct paragraph){ .number = ++*p->number, .column = 1,
		.kind = p->cells > 0 ? DOCS_CELL : DOCS_PARAGRAPH };
	docs_build_open(p->b, now->kind, p->cells > 0 ? p->rows : 0);
	p->run_hidden = false;
}

static void
close_paragraph(struct part *p)
{
	if (p->depth == 0)
		return;
	const unsigned number = p->open[--p->depth].number;
	docs_build_close(p->b);
	if (CATCH(docx_obligation_sees, p->hidden.len > 0 && docs_matters(buf_str(&p->hidden), p->hidden.len)))
		docs_build_note(p->b, DOCS_HIDDEN, number, buf_str(&p->hidden));
	buf_reset(&p->hidden);
	/* What follows a text box belongs to the paragraph around it again. */
	if (p->depth > 0)
		docs_build_open(p->b, p->open[p->depth - 1].kind, 0);
}

static void
set_kind(struct part *p, enum docs_block_kind kind)
{
	struct paragraph *now = &p->open[p->depth - 1];
	if (now->kind == DOCS_CELL && kind == DOCS_ITEM)
		return;
	now->kind = kind;
	p->b->kind = kind;
}

static void
take_style(struct part *p, const char *id, bool of_paragraph)
{
	const struct docx_style s = docx_style_of(p->styles, id);
	if (!of_paragraph) {
		p->run_hidden = p->run_hidden || s.hidden;
		return;
	}
	p->open[p->depth - 1].hidden = s.hidden;
	if (s.heading || s.code || s.item)
		set_kind(p, s.heading ? DOCS_HEADING : s.code ? DOCS_CODE : DOCS_ITEM);
}

/* ---- alternatives ---- */

/* A word processor shows the first choice whose needs it knows: a choice that needs what nobody knows is never shown. */
static bool
is_known(const char *needs)
{
	static const char known[] = " wps wpg wpc wpi w14 w15 w16 w16se w16cid wp14 a14 am3d cx1 v ";
	char word[32];
	while (needs != NULL && *needs != '\0') {
		const size_t n = strcspn(needs, " ");
		if (n + 3 > sizeof word)
			return false;
		(void)snprintf(word, sizeof word, " %.*s ", (int)n, needs);
		if (n > 0 && strstr(known, word) == NULL)
			return false;
		needs += n + (needs[n] == ' ');
	}
	return needs != NULL;
}

static void
open_alternative(struct part *p, const char *name, const char **attributes)
{
	if (strcmp(name, "mc:AlternateContent") == 0) {
		if (p->alternatives < NESTED_MAX)
			p->taken[p->alternatives] = false;
		p->too_deep = p->too_deep || p->alternatives == NESTED_MAX;
		p->alternatives++;
		return;
	}
	if (p->alternatives == 0 || p->alternatives > NESTED_MAX)
		return;
	const size_t at = p->alternatives - 1;
	const bool choice = strcmp(name, "mc:Choice") == 0;
	const bool known = !choice || !CATCH(docx_choice_shown, !is_known(xml_attribute(attributes, "Requires")));
	p->left_out[at] = p->taken[at] || !known;
	p->taken[at] = p->taken[at] || known;
	p->skipped += p->left_out[at];
}

static void
close_alternative(struct part *p, const char *name)
{
	if (strcmp(name, "mc:AlternateContent") == 0) {
		p->alternatives -= p->alternatives > 0;
	} else if (p->alternatives > 0 && p->alternatives <= NESTED_MAX && p->left_out[p->alternatives - 1]) {
		p->left_out[p->alternatives - 1] = false;
		p->skipped--;
	}
}

/* ---- elements ---- */

enum what {
	PARAGRAPH, RUN, TEXT, FIELD, DELETED, INSERTED, MARK_PROPERTIES, STYLE_P, STYLE_R, VANISH, COLOUR, HEADING_LEVEL, LIST,
	BLANK, BREAK, HYPHEN, ROW, CELL, UNREAD, NOTHING,
};

static const struct {
	const char *name;
	enum what what;
} elements[] = {
	{ "p", PARAGRAPH }, { "r", RUN }, { "t", TEXT }, { "instrText", FIELD }, { "del", DELETED }, { "moveFrom", DELETED },
	{ "ins", INSERTED }, { "moveTo", INSERTED }, { "pPr", MARK_PROPERTIES }, { "pStyle", STYLE_P }, { "rStyle", STYLE_R },
	{ "vanish", VANISH }, { "strike", VANISH }, { "dstrike", VANISH }, { "color", COLOUR }, { "outlineLvl", HEADING_LEVEL },
	{ "numPr", LIST }, { "tab", BLANK }, { "br", BREAK }, { "cr", BREAK }, { "noBreakHyphen", HYPHEN }, { "sym", BLANK },
	{ "tr", ROW }, { "tc", CELL }, { "object", UNREAD }, { "altChunk", UNREAD }, { "subDoc", UNREAD },
};

static enum what
what_is(const char *name)
{
	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
		if (strcmp(elements[i].name, name) == 0)
			return elements[i].what;
	}
	return NOTHING;
}

/* Properties of the run that is open; those of a paragraph's own mark are about no text. */
static void
take_run_property(struct part *p, enum what what, const char **attributes)
{
	const char *value = xml_attribute(attributes, "val");
	if (what == STYLE_R)
		take_style(p, value, false);
	else if (what == VANISH)
		p->run_hidden = p->run_hidden || docx_on(attributes);
	else if (what == COLOUR && value != NULL && strcasecmp(value, "FFFFFF") == 0)
		p->run_hidden = true;
}

static void
take_property(struct part *p, enum what what, const char **attributes)
{
	const char *value = xml_attribute(attributes, "val");
	if (p->depth == 0)
		return;
	if (what == STYLE_P)
		take_style(p, value, true);
	else if (what == HEADING_LEVEL && value != NULL && strcmp(value, "9") != 0)
		set_kind(p, DOCS_HEADING);
	else if (what == LIST && p->open[p->depth - 1].kind == DOCS_PARAGRAPH)
		set_kind(p, DOCS_ITEM);
	else if (!p->in_mark)
		take_run_property(p, what, attributes);
}

static void
take_structure(struct part *p, enum what what)
{
	p->deleted += what == DELETED;
	p->revised = p->revised || what == DELETED || what == INSERTED;
	p->rows += what == ROW;
	p->cells += what == CELL;
	if (what == RUN)
		p->run_hidden = false;
	if (what == RUN || what == TEXT)
		p->field[0] = '\0';
	p->in_text = p->in_text || what == TEXT;
	p->in_field = p->in_field || what == FIELD;
	p->in_mark = p->in_mark || what == MARK_PROPERTIES;
}

static void
on_open(void *context, const char *full_name, const char **attributes)
{
	struct part *p = context;
	const char *name = docx_name(full_name);
	if (name == NULL)
		return;
	if (strncmp(name, "mc:", 3) == 0) {
		open_alternative(p, name, attributes);
		return;
	}
	const enum what what = what_is(name);
	take_structure(p, what);
	if (what == PARAGRAPH && p->skipped == 0)
		open_paragraph(p);
	else if (what == BLANK || what == BREAK || what == HYPHEN)
		add(p, what == BLANK ? " " : what == BREAK ? "\n" : "-", p->in_mark ? 0 : 1);
	else if (what == UNREAD && CATCH(docx_rules_object, p->skipped == 0))
		docs_build_note(p->b, DOCS_UNREAD, p->depth > 0 ? p->open[p->depth - 1].number : 0, name);
	else
		take_property(p, what, attributes);
}

static void
close_field(struct part *p)
{
	static const char *const outside[] = { "INCLUDETEXT", "INCLUDEPICTURE", "DDE", "LINK ", "IMPORT" };
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
		const char *at = strcasestr(p->field, outside[i]);
		if (CATCH(docx_field, at != NULL && (at == p->field || at[-1] == ' '))) {
			docs_build_note(p->b, DOCS_EXTERNAL, p->depth > 0 ? p->open[p->depth - 1].number : 0, p->field);
			break;
		}
	}
	p->in_field = false;
}

static void
on_close(void *context, const char *full_name)
{
	struct part *p = context;
	const char *name = docx_name(full_name);
	if (name == NULL)
		return;
	if (strncmp(name, "mc:", 3) == 0) {
		close_alternative(p, name);
		return;
	}
	const enum what what = what_is(name);
	p->deleted -= what == DELETED && p->deleted > 0;
	p->cells -= what == CELL && p->cells > 0;
	p->in_text = p->in_text && what != TEXT;
	p->in_mark = p->in_mark && what != MARK_PROPERTIES;
	if (what == FIELD)
		close_field(p);
	if (what == PARAGRAPH && p->skipped == 0)
		close_paragraph(p);
}

static void
part_done(struct part *p)
{
	buf_done(&p->hidden);
}

enum assay_status
docx_read_part(struct assay_span xml, const char *name, const struct docx_styles *styles, bool shown, unsigned *number,
    struct docs_builder *b, struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { .b = b, .styles = styles, .shown = shown, .number = number,
		.hidden = BUF_INIT(DOCS_TEXT_MAX) };
	const struct xml_events events = { &p, on_open, on_close, on_text };
	TRY(xml_read(xml, name, &events, err));
	if (p.too_deep)
		return assay_fail(err, ASSAY_E_LIMIT, "text boxes or alternatives lie more than %d deep in '%s'", NESTED_MAX,
		    name);
	if (CATCH(docx_tracked_changes, p.revised))
		docs_build_note(b, DOCS_REVISED, 0, name);
	docs_build_close(b);
	return ASSAY_OK;
}
