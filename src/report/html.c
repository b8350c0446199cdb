/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page: one file that loads nothing. Its policy admits the style sheet and the script that were built into the program,
 * by their digests, and nothing else.
 */
#include "html_page.h"

#include <assay/base64.h>
#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/embedded.h>
#include <base/when.h>
#include <report/report.h>

extern const struct embedded_file report_assets[];

static struct assay_span
asset(const char *name)
{
	for (const struct embedded_file *f = report_assets; f->name != NULL; f++) {
		if (strcmp(f->name, name) == 0)
			return (struct assay_span){ f->data, f->len };
	}
	return (struct assay_span){ NULL, 0 };
}

static enum assay_status
digest_of(struct assay_span bytes, char ret_text[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)])
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(assay_sha256(bytes, digest));
	return assay_base64_encode((struct assay_span){ digest, sizeof(digest) }, ret_text,
	    ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE));
}

void
page_mark(struct html *h, const char *state)
{
	html_begin(h, "svg", "mark");
	html_attr(h, "viewBox", "0 0 16 16");
	html_attr(h, "aria-hidden", "true");
	html_begin(h, "use", NULL);
	html_attrf(h, "href", "#mark-%s", state);
	html_end(h);
	html_end(h);
}

void
page_verdict(struct html *h, const struct control_verdict *c)
{
	html_begin(h, "span", "verdict");
	page_mark(h, report_state(c));
	html_text(h, c->judged ? verdict_name(c->verdict) : "unknown");
	html_end(h);
}

void
page_object(struct html *h, const char *object)
{
	html_begin(h, "code", report_short_len(object) == strlen(object) ? NULL : "oid");
	html_attr(h, "title", object);
	html_text(h, object);
	html_end(h);
}

void
page_term(struct html *h, const char *term, const char *text)
{
	html_begin(h, "div", NULL);
	html_leaf(h, "dt", NULL, term);
	html_begin(h, "dd", NULL);
	html_prose(h, text);
	html_end(h);
	html_end(h);
}

static void
meta(struct html *h, const char *name, const char *content)
{
	html_void(h, "meta", NULL);
	html_attr(h, "name", name);
	html_attr(h, "content", content);
}

static enum assay_status
head(struct page *p)
{
	char style[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)];
	char script[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)];
	struct html *h = &p->h;
	TRY(digest_of(asset("page.css"), style));
	TRY(digest_of(asset("page.js"), script));
	html_begin(h, "head", NULL);
	html_void(h, "meta", NULL);
	html_attr(h, "charset", "utf-8");
	html_void(h, "meta", NULL);
	html_attr(h, "http-equiv", "Content-Security-Policy");
	html_attrf(h, "content",
	    "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; img-src data:; "
	    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
	    style, script);
	meta(h, "viewport", "width=device-width, initial-scale=1");
	meta(h, "color-scheme", "light dark");
	meta(h, "referrer", "no-referrer");
	meta(h, "robots", "noindex");
	meta(h, "generator", "assay " ASSAY_VERSION);
	html_begin(h, "title", NULL);
	html_text(h, "assay: ");
	html_text(h, p->v->subject);
	html_end(h);
	html_void(h, "link", NULL);
	html_attr(h, "rel", "icon");
	html_attr(h, "href", "data:,");
	html_begin(h, "style", NULL);
	html_own(h, asset("page.css"));
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}

static void
roster_words(struct page *p, struct buf *out)
{
	const struct roster *r = p->input->roster;
	if (r == NULL || !r->present) {
		buf_add_str(out, "none: nobody's key is known");
		return;
	}
	size_t people = 0;
	size_t keys = 0;
	size_t pending = 0;
	for (size_t i = 0; i < r->count; i++) {
		people += r->entries[i].kind == ROSTER_PERSON;
		keys += r->entries[i].key_count;
		for (size_t k = 0; k < r->entries[i].key_count; k++)
			pending += r->entries[i].keys[k].pending;
	}
	buf_addf(out, "%zu %s, %zu key%s", people, people == 1 ? "person" : "people", keys,
	    keys == 1 ? "" : "s");
	if (pending > 0)
		buf_addf(out, ", %zu of them pending", pending);
}

static void
required_words(struct page *p, struct buf *out)
{
	for (size_t i = 0; i < p->input->require_count; i++) {
		buf_add_str(out, i == 0 ? "only " : ", ");
		buf_add_str(out, p->input->require[i]);
	}
}

static void
facts(struct page *p)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT(64u << 10);
	char date[WHEN_TEXT_SIZE];
	struct html *h = &p->h;
	const struct policy *policy = p->input->policy;
	when_format_date(p->v->date, date);
	html_begin(h, "dl", "facts");
	page_term(h, "Judged for", date);
	page_term(h, "By", "assay " ASSAY_VERSION);
	page_term(h, "Pack signed by", p->signed_by == NULL ? "nobody: unsigned" : p->signed_by);
	page_authority_words(p, &words);
	page_term(h, "Authority", buf_str(&words));
	buf_reset(&words);
	page_term(h, "Policy", policy != NULL && policy->present ? POLICY_PATH : "none: the defaults apply");
	roster_words(p, &words);
	page_term(h, "Roster", buf_str(&words));
	if (p->input->require_count > 0) {
		buf_reset(&words);
		required_words(p, &words);
		page_term(h, "Required", buf_str(&words));
	}
	if (p->input->date_given)
		page_term(h, "Date", "given by the caller: nothing can be better than unknown");
	html_end(h);
}

/* Words as they are, object ids set apart and smaller. */
static void
subject(struct html *h, const char *text)
{
	while (*text != '\0') {
		size_t digits = strspn(text, "0123456789abcdef");
		size_t len = strcspn(text, " ");
		bool id = digits == len && (len == 40 || len == 64);
		struct assay_span word = { (const unsigned char *)text, len };
		html_begin(h, id ? "code" : "bdi", NULL);
		html_span(h, word);
		html_end(h);
		text += len;
		size_t spaces = strspn(text, " ");
		if (spaces > 0)
			html_text(h, " ");
		text += spaces;
	}
}

static void
masthead(struct page *p)
{
	CLEANUP(buf_done) struct buf words = BUF_INIT(4096);
	struct html *h = &p->h;
	report_summary(&words, p->v);
	html_begin(h, "header", "masthead");
	html_leaf(h, "p", "brand", "assay");
	html_begin(h, "h1", NULL);
	subject(h, p->v->subject);
	html_end(h);
	html_leaf(h, "p", "summary", buf_str(&words));
	buf_reset(&words);
	report_scope(&words, p->v);
	if (words.len > 0)
		html_leaf(h, "p", "summary", buf_str(&words));
	facts(p);
	html_end(h);
}

static void
strip(struct page *p, const struct clause *clause)
{
	struct html *h = &p->h;
	html_begin(h, "p", "strip");
	html_attr(h, "aria-hidden", "true");
	for (size_t i = 0; i < p->v->control_count; i++) {
		const struct control_verdict *c = p->rows[i];
		if (c->control->clause != clause)
			continue;
		html_begin(h, "span", NULL);
		html_attrf(h, "class", "v-%s", report_state(c));
		html_attrf(h, "title", "%s: %s", c->control->id,
		    c->judged ? verdict_name(c->verdict) : REPORT_NOT_JUDGED);
		page_mark(h, report_state(c));
		html_end(h);
	}
	html_end(h);
}

static void
gap_links(struct page *p, const struct clause *clause)
{
	struct html *h = &p->h;
	bool open = false;
	for (size_t i = 0; i < p->v->control_count; i++) {
		const struct control_verdict *c = p->rows[i];
		if (c->control->clause != clause || c->verdict != VERDICT_FAIL)
			continue;
		if (!open)
			html_begin(h, "ul", "gaps");
		open = true;
		html_begin(h, "li", NULL);
		html_begin(h, "a", "v-fail");
		html_attrf(h, "href", "#control-%s", c->control->id);
		page_mark(h, "fail");
		html_text(h, c->control->id);
		html_end(h);
		html_end(h);
	}
	if (open)
		html_end(h);
}

static void
cards(struct page *p)
{
	struct html *h = &p->h;
	html_begin(h, "section", "clauses");
	html_attr(h, "aria-labelledby", "clauses");
	html_begin(h, "h2", NULL);
	html_attr(h, "id", "clauses");
	html_text(h, "Clauses");
	html_end(h);
	html_begin(h, "div", "cards");
	for (size_t i = 0; i < p->v->clause_count; i++) {
		const struct clause_verdict *c = &p->v->clauses[i];
		html_begin(h, "article", NULL);
		html_attrf(h, "class", "card v-%s", verdict_name(c->verdict));
		html_begin(h, "h3", NULL);
		html_begin(h, "a", NULL);
		html_attrf(h, "href", "#clause-%s", c->clause->id);
		html_leaf(h, "span", "number", c->clause->id);
		html_text(h, " ");
		html_text(h, c->clause->title);
		html_end(h);
		html_end(h);
		html_begin(h, "p", "verdict");
		page_mark(h, verdict_name(c->verdict));
		html_text(h, verdict_name(c->verdict));
		html_end(h);
		html_leaf(h, "p", "headline", c->headline);
		strip(p, c->clause);
		gap_links(p, c->clause);
		html_end(h);
	}
	html_end(h);
	html_end(h);
}

static enum assay_status
body(struct page *p, struct assay_error *err)
{
	struct html *h = &p->h;
	html_begin(h, "body", NULL);
	html_own(h, asset("marks.svg"));
	html_begin(h, "a", "skip");
	html_attr(h, "href", "#controls");
	html_text(h, "Skip to the controls");
	html_end(h);
	masthead(p);
	html_begin(h, "main", NULL);
	cards(p);
	TRY(page_map(p, err));
	TRY(page_controls(p, err));
	page_evidence(p);
	page_authority(p);
	page_roster(p);
	page_access(p);
	page_pipelines(p);
	page_claims(p);
	page_risks(p);
	TRY(page_standard(p, err));
	page_demonstration(p);
	TRY(page_findings(p, err));
	page_reviews(p);
	page_reading(p);
	html_end(h);
	html_begin(h, "footer", NULL);
	html_leaf(h, "p", NULL,
	    "This page was made from a pack of evidence, and reads from it alone. Whoever doubts it judges the pack again: "
	    "assay audit PACK");
	html_end(h);
	html_begin(h, "script", NULL);
	html_own(h, asset("page.js"));
	html_end(h);
	html_end(h);
	return ASSAY_OK;
}

static void
close_page(struct page *p)
{
	html_done(&p->h);
	arena_free(&p->arena);
}

static size_t
share_of(const struct verdicts *v)
{
	size_t with = 0;
	for (size_t i = 0; i < v->control_count; i++)
		with += v->controls[i].finding_count > 0;
	size_t share = with == 0 ? PAGE_FINDINGS_MAX : PAGE_FINDINGS_MAX / with;
	return share < PAGE_FINDINGS_LEAST ? PAGE_FINDINGS_LEAST : share;
}

enum assay_status
report_html(const struct verdicts *v, const struct judge_input *input, const char *signed_by,
    struct buf *out, struct assay_error *err)
{
	CLEANUP(close_page) struct page p = { .v = v, .input = input, .signed_by = signed_by,
		.share = share_of(v) };
	html_init(&p.h, out);
	if (arena_new(REPORT_ARENA_MAX, &p.arena) != ASSAY_OK)
		return arena_full(err);
	TRY(report_order(v, p.arena, &p.rows, err));
	TRY(page_findings_index(&p, err));
	buf_add_str(out, "<!doctype html>\n");
	html_begin(&p.h, "html", NULL);
	html_attr(&p.h, "lang", "en");
	enum assay_status status = head(&p);
	if (status != ASSAY_OK)
		return assay_fail(err, status, "the page's policy could not be digested");
	TRY(body(&p, err));
	html_end(&p.h);
	buf_add_byte(out, '\n');
	return html_status(&p.h, err);
}
