/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may decide what: the roles under the root whose rules are in force.
 */
#include "html_page.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <policy/authority.h>

void
page_authority_words(const struct page *p, struct buf *out)
{
	const struct authority *a = p->v->authority;
	char when[WHEN_TEXT_SIZE];
	if (a == NULL) {
		buf_add_str(out, p->v->root == NULL ? REPORT_NO_ROOT : "nothing leads to the pinned root");
		return;
	}
	when_format_date(a->expires, when);
	buf_addf(out, "root %s (%s); policy state %" PRIu64 ", until %s", a->fingerprint,
	    p->v->root == NULL ? "not pinned" : "pinned", a->policy.version, when);
}

static void
text_cell(const struct page *p, struct html *h, struct assay_span text)
{
	const char *copy = arena_copy(p->arena, text);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, copy == NULL ? "" : copy);
	html_end(h);
}

/* One row a key; the role and its threshold stand in each, so that a row can be read by itself. */
static void
role_rows(const struct page *p, struct html *h, const char *name, const struct assay_tuf_role *role)
{
	struct assay_tuf_key key;
	size_t cursor = 0;
	char threshold[32];
	(void)snprintf(threshold, sizeof threshold, "%u", role->threshold);
	while (assay_tuf_next_key(role, &cursor, &key)) {
		html_begin(h, "tr", NULL);
		html_leaf(h, "td", NULL, name);
		html_leaf(h, "td", NULL, threshold);
		text_cell(p, h, key.person);
		text_cell(p, h, key.role);
		html_begin(h, "td", NULL);
		html_leaf(h, "code", NULL, key.keyid);
		html_end(h);
		html_end(h);
	}
}

void
page_authority(struct page *p)
{
	static const char *const columns[] = { "Role", "People it takes", "Person", "What they are", "Key" };
	static const char *const top[] = { "root", "targets" };
	const struct authority *a = p->v->authority;
	struct html *h = &p->h;
	struct assay_tuf_role role;
	size_t cursor = 0;
	if (a == NULL)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "authority");
	page_heading(h, "authority", "Who may decide what");
	page_table(h, "Roles and who holds them", columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < 2; i++) {
		if (assay_tuf_role(&a->root, top[i], &role) == ASSAY_OK)
			role_rows(p, h, top[i], &role);
	}
	while (assay_tuf_next_delegation(&a->targets, &cursor, &role)) {
		const char *name = arena_copy(p->arena, role.name);
		role_rows(p, h, name == NULL ? "" : name, &role);
	}
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
}
