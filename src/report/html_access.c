/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access record: assay/access.yaml as a table that can be printed, a row a right on a system.
 */
#include "html_page.h"

#include <base/when.h>
#include <evidence/tree.h>
#include <policy/access.h>

/* Rows that the page lists; beyond it the file has them. */
#define ROWS_MAX 2000

static void
cell(struct html *h, const char *text)
{
	html_leaf(h, "td", NULL, text);
}

static void
day_cell(struct html *h, int64_t when, const char *otherwise)
{
	char text[WHEN_TEXT_SIZE];
	if (when == WHEN_MIN || when == WHEN_MAX) {
		cell(h, otherwise);
		return;
	}
	when_format_date(when, text);
	html_leaf(h, "td", "day", text);
}

/* Id and, where there is one, the name. */
static void
holder_cell(struct page *p, const struct access_list *a, const char *id)
{
	const struct access_service *service = access_service_by_id(a, id);
	const struct roster *r = p->input->roster;
	const char *name = service != NULL ? service->name : NULL;
	for (size_t i = 0; r != NULL && i < r->count && name == NULL; i++) {
		if (strcmp(r->entries[i].id, id) == 0)
			name = r->entries[i].name;
	}
	html_begin(&p->h, "td", NULL);
	html_leaf(&p->h, "bdi", NULL, name != NULL ? name : id);
	html_end(&p->h);
}

static void
rights_cell(struct html *h, unsigned rights)
{
	bool first = true;
	html_begin(h, "td", NULL);
	for (unsigned bit = 0; bit < ACCESS_RIGHTS; bit++) {
		if ((rights & (1u << bit)) == 0)
			continue;
		html_text(h, first ? "" : ", ");
		html_text(h, access_right_name(bit));
		first = false;
	}
	html_end(h);
}

static void
review_cell(struct html *h, const struct access_review *review)
{
	char text[WHEN_TEXT_SIZE];
	html_begin(h, "td", NULL);
	if (review == NULL) {
		html_text(h, "never");
		html_end(h);
		return;
	}
	when_format_date(review->on, text);
	html_text(h, text);
	for (size_t i = 0; i < review->by.count; i++) {
		html_text(h, i == 0 ? " by " : ", ");
		html_leaf(h, "bdi", NULL, review->by.items[i]);
	}
	html_end(h);
}

static void
grant_rows(struct page *p, const struct access_list *a, const struct access_grant *g)
{
	struct html *h = &p->h;
	for (size_t i = 0; i < g->system_count; i++) {
		html_begin(h, "tr", NULL);
		holder_cell(p, a, g->who);
		html_begin(h, "td", NULL);
		html_leaf(h, "bdi", NULL, g->systems[i]->name);
		html_textf(h, " (%s)", access_kind_name(g->systems[i]->kind));
		html_end(h);
		rights_cell(h, g->rights);
		day_cell(h, g->since, "always");
		day_cell(h, g->until, "open");
		cell(h, g->reason);
		review_cell(h, access_last_review(a, g));
		html_end(h);
	}
}

static void
table(struct page *p, const struct access_list *a)
{
	static const char *const columns[] = { "Who", "System", "Rights", "Since", "Until", "Why", "Reviewed" };
	struct html *h = &p->h;
	size_t rows = 0;
	page_table(h, "Rights of the access register", columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < a->grant_count && rows < ROWS_MAX; i++) {
		grant_rows(p, a, &a->grants[i]);
		rows += a->grants[i].system_count;
	}
	html_end(h);
	html_end(h);
	html_end(h);
}

bool
page_record(const struct page *p, const char *path, struct assay_span *ret_bytes)
{
	const struct tree *t = p->input->evidence != NULL ? evidence_facts(p->input->evidence, TREE_KIND) : NULL;
	const struct source_file *f = t != NULL ? sources_find(&t->sources, path) : NULL;
	if (f == NULL || !f->has_bytes)
		return false;
	*ret_bytes = f->bytes;
	return true;
}

void
page_access(struct page *p)
{
	struct assay_span bytes;
	struct access_list a;
	/* What can't be read is the judge's to say. */
	if (!page_record(p, ACCESS_PATH, &bytes) || access_parse(bytes, ACCESS_PATH, p->arena, &a, NULL) != ASSAY_OK)
		return;
	html_begin(&p->h, "section", "papers");
	html_attr(&p->h, "aria-labelledby", "access");
	page_heading(&p->h, "access", "Who may do what");
	html_leaf(&p->h, "p", "lead", "The register of rights as it stands in " ACCESS_PATH ". Whether it is complete, and true, "
	    "is judged under access.register and access.actual.");
	table(p, &a);
	html_end(&p->h);
}
