/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the verdicts: evidence by member, people and keys, and how the page is to be read.
 */
#include "html_page.h"

#include <base/text.h>
#include <base/when.h>

void
page_heading(struct html *h, const char *id, const char *text)
{
	html_begin(h, "h2", NULL);
	html_attr(h, "id", id);
	html_text(h, text);
	html_end(h);
}

void
page_scroll(struct html *h, const char *label)
{
	html_begin(h, "div", "scroll");
	html_attr(h, "tabindex", "0");
	html_attr(h, "role", "region");
	html_attr(h, "aria-label", label);
	html_begin(h, "table", NULL);
}

void
page_column(struct html *h, const char *text)
{
	html_begin(h, "th", NULL);
	html_attr(h, "scope", "col");
	html_text(h, text);
	html_end(h);
}

void
page_table(struct html *h, const char *label, const char *const *columns, size_t count)
{
	page_scroll(h, label);
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	for (size_t i = 0; i < count; i++)
		page_column(h, columns[i]);
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
}

static void
member_row(struct html *h, const struct evidence *e, const struct evidence_member *m)
{
	char digest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ m->sha256, sizeof(m->sha256) }, digest);
	html_begin(h, "tr", NULL);
	html_leaf(h, "td", NULL, e->kind);
	html_begin(h, "td", NULL);
	html_leaf(h, "code", NULL, m->name);
	html_end(h);
	html_begin(h, "td", "count");
	html_textf(h, "%zu", m->bytes.len);
	html_end(h);
	html_begin(h, "td", "digest");
	html_leaf(h, "code", NULL, digest);
	html_end(h);
	html_end(h);
}

void
page_evidence(struct page *p)
{
	const struct evidence_set *set = p->input->evidence;
	struct html *h = &p->h;
	if (set == NULL || set->count == 0)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "evidence");
	page_heading(h, "evidence", "Evidence");
	html_leaf(h, "p", "lead", "The bytes that the verdicts were computed from, as they stand in the pack.");
	page_scroll(h, "Members of the evidence");
	html_begin(h, "thead", NULL);
	html_begin(h, "tr", NULL);
	page_column(h, "Kind");
	page_column(h, "Member");
	html_begin(h, "th", "count");
	html_attr(h, "scope", "col");
	html_text(h, "Bytes");
	html_end(h);
	page_column(h, "SHA-256");
	html_end(h);
	html_end(h);
	html_begin(h, "tbody", NULL);
	for (size_t i = 0; i < set->count; i++) {
		for (size_t k = 0; k < set->items[i].member_count; k++)
			member_row(h, &set->items[i], &set->items[i].members[k]);
	}
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
}

static void
day(struct html *h, const char *before, int64_t when)
{
	char text[WHEN_TEXT_SIZE];
	when_format_date(when, text);
	html_text(h, before);
	html_text(h, text);
}

static void
window_cell(struct html *h, const struct roster_key *k)
{
	html_begin(h, "td", NULL);
	if (k->pending)
		html_text(h, "pending; ");
	if (k->from == WHEN_MIN)
		html_text(h, "from the beginning");
	else
		day(h, "from ", k->from);
	if (k->until != WHEN_MAX)
		day(h, " until ", k->until);
	if (k->retired != WHEN_MAX)
		day(h, "; retired ", k->retired);
	if (k->compromised_since != WHEN_MAX)
		day(h, "; compromised since ", k->compromised_since);
	html_end(h);
}

static void
key_row(struct html *h, const struct roster_entry *e, const struct roster_key *k)
{
	static const char *const owners[] = {
		[ROSTER_PERSON] = "person",
		[ROSTER_PLATFORM] = "platform",
		[ROSTER_AUTHORITY] = "certificate authority",
	};
	html_begin(h, "tr", NULL);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, e->name != NULL ? e->name : e->id);
	html_end(h);
	html_leaf(h, "td", NULL, owners[e->kind]);
	html_begin(h, "td", NULL);
	html_leaf(h, "code", NULL, k->fingerprint);
	html_end(h);
	window_cell(h, k);
	html_end(h);
}

void
page_roster(struct page *p)
{
	static const char *const columns[] = { "Name", "Kind", "Key", "Theirs" };
	const struct roster *r = p->input->roster;
	struct html *h = &p->h;
	if (r == NULL || !r->present)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "people");
	page_heading(h, "people", "People and keys");
	page_table(h, "Keys of the roster", columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < r->count; i++) {
		for (size_t k = 0; k < r->entries[i].key_count; k++)
			key_row(h, &r->entries[i], &r->entries[i].keys[k]);
	}
	html_end(h);
	html_end(h);
	html_end(h);
	html_end(h);
}

void
page_reading(struct page *p)
{
	static const struct {
		const char *term;
		const char *text;
	} rows[] = {
		{ "fail", "The evidence shows a gap; its weight says how heavily audits take it." },
		{ "unknown", "It could not be evaluated, and the reason is given. Nothing looked at is never a pass." },
		{ "stale", "The evidence was made for another revision or is too old: collect it again." },
		{ "deviated", "A gap that somebody with the role accepted, signed, with an expiry." },
		{ "pass", "Evidence of its own shows that it holds, at least of the grade that the control demands." },
		{ "not applicable", "Declared so, signed, with a reason and an expiry." },
		{ "recomputed", "The raw bytes are in the pack: whoever audits it runs parser and judge again." },
		{ "attested", "Signed by somebody the people judged don't control." },
		{ "on the maker's word", "The maker says so; judging the pack again doesn't make it true." },
		{ "configured, observed, demonstrated", "A setting says so; it happened; it was tried now and its effect seen." },
		{ "Keyboard", "/ finds, arrow up and down walk the controls, Enter opens one, Escape clears the filters." },
	};
	struct html *h = &p->h;
	html_begin(h, "section", "papers reading");
	html_attr(h, "aria-labelledby", "reading");
	page_heading(h, "reading", "How to read this page");
	html_begin(h, "dl", "about");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		page_term(h, rows[i].term, rows[i].text);
	html_end(h);
	html_end(h);
}
