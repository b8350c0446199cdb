/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map: for each threat a picture of asset × stage, each square with the worst verdict of the controls that bear on it,
 * and the same again as a table.
 */
#include "html_page.h"

#include <base/cleanup.h>

#define AXIS_MAX 24
#define CELL_WIDTH 34
#define CELL_HEIGHT 30
#define LABEL_WIDTH 92
#define HEAD_HEIGHT 86
#define MARK_SIZE 16

struct axis {
	const char *names[AXIS_MAX];
	size_t count;
};

struct cell {
	const struct control_verdict *worst;
	size_t controls;
	size_t at_worst;
};

struct map {
	struct axis assets, threats, stages;
	struct cell *cells;
};

static size_t
axis_find(const struct axis *a, const char *name)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->names[i], name) == 0)
			return i;
	}
	return a->count;
}

static bool
is_used(const struct verdicts *v, size_t offset, const char *name)
{
	for (size_t i = 0; i < v->control_count; i++) {
		const struct yaml_strings *s = (const struct yaml_strings *)(const void *)(
		    (const char *)v->controls[i].control + offset);
		for (size_t k = 0; k < s->count; k++) {
			if (strcmp(s->items[k], name) == 0)
				return true;
		}
	}
	return false;
}

/* The known names in their natural order, then whatever else the catalogue holds. */
static void
fill_axis(struct axis *a, const struct verdicts *v, size_t offset, const char *const *known)
{
	for (; *known != NULL; known++) {
		if (is_used(v, offset, *known))
			a->names[a->count++] = *known;
	}
	for (size_t i = 0; i < v->control_count; i++) {
		const struct yaml_strings *s = (const struct yaml_strings *)(const void *)(
		    (const char *)v->controls[i].control + offset);
		for (size_t k = 0; k < s->count && a->count < AXIS_MAX; k++) {
			if (axis_find(a, s->items[k]) == a->count)
				a->names[a->count++] = s->items[k];
		}
	}
}

static struct cell *
cell_at(const struct map *m, size_t asset, size_t threat, size_t stage)
{
	return &m->cells[(threat * m->assets.count + asset) * m->stages.count + stage];
}

static bool
is_worse(const struct control_verdict *a, const struct control_verdict *b)
{
	if (b == NULL || a->verdict != b->verdict)
		return b == NULL || a->verdict > b->verdict;
	return a->judged && !b->judged;
}

static void
put(struct cell *cell, const struct control_verdict *c)
{
	cell->controls++;
	if (is_worse(c, cell->worst)) {
		cell->at_worst = cell->worst != NULL && cell->worst->verdict == c->verdict ?
		    cell->at_worst + 1 :
		    1;
		cell->worst = c;
		return;
	}
	cell->at_worst += c->verdict == cell->worst->verdict;
}

static void
put_control(struct map *m, const struct control_verdict *c)
{
	for (size_t a = 0; a < c->control->assets.count; a++) {
		size_t asset = axis_find(&m->assets, c->control->assets.items[a]);
		for (size_t t = 0; t < c->control->threats.count; t++) {
			size_t threat = axis_find(&m->threats, c->control->threats.items[t]);
			for (size_t s = 0; s < c->control->stages.count; s++) {
				size_t stage = axis_find(&m->stages, c->control->stages.items[s]);
				if (asset < m->assets.count && threat < m->threats.count &&
				    stage < m->stages.count)
					put(cell_at(m, asset, threat, stage), c);
			}
		}
	}
}

static enum assay_status
fill(struct map *m, const struct page *p, struct assay_error *err)
{
	fill_axis(&m->assets, p->v, offsetof(struct control, assets), catalog_assets);
	fill_axis(&m->threats, p->v, offsetof(struct control, threats), catalog_threats);
	fill_axis(&m->stages, p->v, offsetof(struct control, stages), catalog_stages);
	size_t n = m->assets.count * m->threats.count * m->stages.count;
	m->cells = arena_array(p->arena, n + 1, sizeof(struct cell));
	if (m->cells == NULL)
		return arena_full(err);
	for (size_t i = 0; i < p->v->control_count; i++)
		put_control(m, &p->v->controls[i]);
	return ASSAY_OK;
}

static void
svg_number(struct html *h, const char *name, size_t value)
{
	html_attrf(h, name, "%zu", value);
}

static void
svg_text(struct html *h, const char *class_name, size_t x, size_t y, const char *text)
{
	html_begin(h, "text", class_name);
	svg_number(h, "x", x);
	svg_number(h, "y", y);
	html_text(h, text);
	html_end(h);
}

static void
svg_stages(struct html *h, const struct map *m)
{
	for (size_t s = 0; s < m->stages.count; s++) {
		size_t x = LABEL_WIDTH + s * CELL_WIDTH + CELL_WIDTH / 2;
		html_begin(h, "text", "stage");
		html_attrf(h, "transform", "translate(%zu %d) rotate(-50)", x, HEAD_HEIGHT - 8);
		html_text(h, m->stages.names[s]);
		html_end(h);
	}
}

static void
svg_cell(struct html *h, const struct map *m, size_t asset, size_t threat, size_t stage)
{
	const struct cell *c = cell_at(m, asset, threat, stage);
	const char *state = c->worst == NULL ? "none" : report_state(c->worst);
	size_t x = LABEL_WIDTH + stage * CELL_WIDTH;
	size_t y = HEAD_HEIGHT + asset * CELL_HEIGHT;
	html_begin(h, "g", NULL);
	html_attrf(h, "class", "cell v-%s", state);
	if (c->worst != NULL) {
		html_attr(h, "data-asset", m->assets.names[asset]);
		html_attr(h, "data-threat", m->threats.names[threat]);
		html_attr(h, "data-stage", m->stages.names[stage]);
	}
	html_begin(h, "rect", NULL);
	svg_number(h, "x", x + 1);
	svg_number(h, "y", y + 1);
	svg_number(h, "width", CELL_WIDTH - 2);
	svg_number(h, "height", CELL_HEIGHT - 2);
	svg_number(h, "rx", 3);
	html_end(h);
	if (c->worst != NULL) {
		html_begin(h, "use", NULL);
		html_attrf(h, "href", "#mark-%s", state);
		svg_number(h, "x", x + (CELL_WIDTH - MARK_SIZE) / 2);
		svg_number(h, "y", y + (CELL_HEIGHT - MARK_SIZE) / 2);
		svg_number(h, "width", MARK_SIZE);
		svg_number(h, "height", MARK_SIZE);
		html_end(h);
	}
	html_end(h);
}

static void
panel(struct html *h, const struct map *m, size_t threat)
{
	size_t width = LABEL_WIDTH + m->stages.count * CELL_WIDTH + 30;
	size_t height = HEAD_HEIGHT + m->assets.count * CELL_HEIGHT + 2;
	html_begin(h, "figure", "panel");
	html_begin(h, "figcaption", NULL);
	html_leaf(h, "span", "threat", m->threats.names[threat]);
	html_end(h);
	html_begin(h, "svg", NULL);
	html_attrf(h, "viewBox", "0 0 %zu %zu", width, height);
	html_attr(h, "role", "img");
	html_attrf(h, "aria-labelledby", "map-title-%zu map-desc-%zu", threat, threat);
	html_begin(h, "title", NULL);
	html_attrf(h, "id", "map-title-%zu", threat);
	html_textf(h, "Threat: %s", m->threats.names[threat]);
	html_end(h);
	html_begin(h, "desc", NULL);
	html_attrf(h, "id", "map-desc-%zu", threat);
	html_text(h, "Assets down, stages across; each square holds the worst verdict of the controls that bear on it. "
		     "The table below the pictures says the same in words.");
	html_end(h);
	svg_stages(h, m);
	for (size_t a = 0; a < m->assets.count; a++) {
		svg_text(h, "asset", LABEL_WIDTH - 8, HEAD_HEIGHT + a * CELL_HEIGHT + CELL_HEIGHT / 2 + 4,
		    m->assets.names[a]);
		for (size_t s = 0; s < m->stages.count; s++)
			svg_cell(h, m, a, threat, s);
	}
	html_end(h);
	html_end(h);
}

static void
header_cell(struct html *h, const char *scope, const char *text)
{
	html_begin(h, "th", NULL);
	html_attr(h, "scope", scope);
	html_text(h, text);
	html_end(h);
}

static void
table_row(struct html *h, const struct map *m, size_t asset, size_t threat)
{
	html_begin(h, "tr", NULL);
	header_cell(h, "row", m->assets.names[asset]);
	html_leaf(h, "td", NULL, m->threats.names[threat]);
	for (size_t s = 0; s < m->stages.count; s++) {
		const struct cell *c = cell_at(m, asset, threat, s);
		html_begin(h, "td", NULL);
		if (c->worst == NULL) {
			html_text(h, "no control");
		} else {
			html_attrf(h, "class", "v-%s", report_state(c->worst));
			html_leaf(h, "span", "word", verdict_name(c->worst->verdict));
			html_textf(h, " (%zu of %zu)", c->at_worst, c->controls);
		}
		html_end(h);
	}
	html_end(h);
}

static void
table(struct html *h, const struct map *m)
{
	html_begin(h, "details", "alternative");
	html_leaf(h, "summary", NULL, "The map as a table");
	html_begin(h, "div", "scroll");
	html_attr(h, "tabindex", "0");
	html_attr(h, "role", "region");
	html_attr(h, "aria-label", "The map as a table");
	html_begin(h, "table", NULL);
	html_leaf(h, "caption", NULL,
	    "Worst verdict of the controls that bear on an asset, a threat and a stage; in brackets how many of them");
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	header_cell(h, "col", "Asset");
	header_cell(h, "col", "Threat");
	for (size_t s = 0; s < m->stages.count; s++)
		header_cell(h, "col", m->stages.names[s]);
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
	for (size_t a = 0; a < m->assets.count; a++) {
		for (size_t t = 0; t < m->threats.count; t++)
			table_row(h, m, a, t);
	}
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
}

static void
legend(struct html *h)
{
	static const struct {
		const char *state;
		const char *word;
	} rows[] = { { "fail", "fail" }, { "unknown", "unknown" }, { "not-judged", REPORT_NOT_JUDGED },
		{ "stale", "stale" }, { "deviated", "deviated" }, { "pass", "pass" },
		{ "not-applicable", "not applicable" } };
	html_begin(h, "ul", "legend");
	html_attr(h, "aria-label", "Marks");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		html_begin(h, "li", NULL);
		html_attrf(h, "class", "v-%s", rows[i].state);
		page_mark(h, rows[i].state);
		html_text(h, rows[i].word);
		html_end(h);
	}
	html_end(h);
}

enum assay_status
page_map(struct page *p, struct assay_error *err)
{
	struct map m = { .cells = NULL };
	struct html *h = &p->h;
	TRY(fill(&m, p, err));
	if (m.assets.count == 0 || m.threats.count == 0 || m.stages.count == 0)
		return ASSAY_OK;
	html_begin(h, "section", "map");
	html_attr(h, "aria-labelledby", "map");
	html_begin(h, "h2", NULL);
	html_attr(h, "id", "map");
	html_text(h, "What is exposed to what, and when");
	html_end(h);
	html_leaf(h, "p", "lead",
	    "Assets down, stages of the life cycle across, one picture a threat. A square shows the worst verdict among the "
	    "controls that bear on it; an empty one has no control.");
	legend(h);
	html_begin(h, "div", "panels");
	for (size_t t = 0; t < m.threats.count; t++)
		panel(h, &m, t);
	html_end(h);
	table(h, &m);
	html_end(h);
	return ASSAY_OK;
}
