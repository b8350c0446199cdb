/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GitHub-flavoured Markdown, by libcmark-gfm. Raw HTML isn't read: what it would show can't be told without a browser.
 */
#include "build.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <docs/sentences.h>
#include <string.h>

#define LINE_MAX_BYTES 20000 /* parsers are slowest on one long line */
#define QUOTES_MAX 64        /* nested block quotes in one line */
#define NODES_MAX 400000

struct walk {
	struct docs_builder *b;
	unsigned row;
	unsigned struck;   /* depth of what is struck out */
	unsigned line;     /* where the next text stands, when its node doesn't say */
};

static void
parser_free(cmark_parser **p)
{
	if (*p != NULL)
		cmark_parser_free(*p);
}

static void
node_free(cmark_node **n)
{
	if (*n != NULL)
		cmark_node_free(*n);
}

static void
iter_free(cmark_iter **i)
{
	if (*i != NULL)
		cmark_iter_free(*i);
}

/* ---- HTML ---- */

/* Tags that change nothing about what is read. */
static bool
is_plain_tag(const char *html)
{
	static const char *const tags[] = { "br", "b", "i", "em", "strong", "u", "sub", "sup", "kbd", "code", "a", "wbr" };
	const char *name = html + (html[0] == '<') + (html[0] == '<' && html[1] == '/');
	const size_t n = strcspn(name, " \t\n/>");
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		/* Attributes may hide what a tag holds. */
		if (strlen(tags[i]) == n && strncasecmp(name, tags[i], n) == 0)
			return strncmp(html, "</", 2) == 0 || strcasestr(name, "style") == NULL;
	}
	return false;
}

static bool
is_comment(const char *html)
{
	const char *s = html + strspn(html, " \t");
	const char *end = strstr(s, "-->");
	return strncmp(s, "<!--", 4) == 0 && end != NULL && end[3 + strspn(end + 3, " \t\r\n")] == '\0';
}

static void
take_html(struct walk *w, cmark_node *node, bool inside)
{
	const char *html = cmark_node_get_literal(node);
	const unsigned line = inside ? w->line : (unsigned)cmark_node_get_start_line(node);
	if (html == NULL)
		return;
	if (is_comment(html)) {
		if (CATCH(mark_in_comment, docs_matters(html, strlen(html))))
			docs_build_note(w->b, DOCS_HIDDEN, line, html);
	} else if (CATCH(obligation_raw_html, !inside || !is_plain_tag(html))) {
		docs_build_note(w->b, DOCS_UNREAD, line, html);
	}
}

/* ---- text ---- */

static void
add_text(struct walk *w, const char *text, unsigned column)
{
	const size_t len = text != NULL ? strlen(text) : 0;
	if (w->struck == 0)
		docs_build_add(w->b, text, len, w->line, column > 0 ? column : 1);
	else if (len > 0 && docs_matters(text, len))
		docs_build_note(w->b, DOCS_HIDDEN, w->line, text);
}

/* A mark in a code span shows how to write one. */
static void
add_code(struct walk *w, const char *text, unsigned column)
{
	const bool example = text != NULL && strstr(text, DOCS_MARK) != NULL;
	add_text(w, "`", column);
	add_text(w, CATCH(mark_in_code, example) ? "..." : text, column + 1);
	add_text(w, "`", column);
}

static void
take_inline(struct walk *w, cmark_node *node, cmark_node_type type)
{
	const unsigned column = (unsigned)cmark_node_get_start_column(node);
	if (type == CMARK_NODE_TEXT) {
		add_text(w, cmark_node_get_literal(node), column);
	} else if (type == CMARK_NODE_CODE) {
		add_code(w, cmark_node_get_literal(node), column);
	} else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
		add_text(w, "\n", column);
		w->line++;
	} else if (type == CMARK_NODE_HTML_INLINE) {
		take_html(w, node, true);
	}
}

/* ---- blocks ---- */

static enum docs_block_kind
kind_of(cmark_node *node, cmark_node_type type)
{
	if (type == CMARK_NODE_HEADING)
		return DOCS_HEADING;
	for (cmark_node *p = cmark_node_parent(node); p != NULL; p = cmark_node_parent(p)) {
		if (cmark_node_get_type(p) == CMARK_NODE_ITEM)
			return DOCS_ITEM;
	}
	return DOCS_PARAGRAPH;
}

/* A paragraph that a table follows without a blank line has no place of its own: the table has it. */
static unsigned
line_of(cmark_node *node)
{
	const int line = cmark_node_get_start_line(node);
	cmark_node *next = line > 0 ? node : cmark_node_next(node);
	const int other = next != NULL ? cmark_node_get_start_line(next) : 0;
	return other > 0 ? (unsigned)other : 1;
}

static void
open_block(struct walk *w, cmark_node *node, enum docs_block_kind kind)
{
	w->line = line_of(node);
	docs_build_open(w->b, kind, kind == DOCS_CELL ? w->row : 0);
}

static void
enter(struct walk *w, cmark_node *node)
{
	const cmark_node_type type = cmark_node_get_type(node);
	const char *name = cmark_node_get_type_string(node);
	if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
		open_block(w, node, kind_of(node, type));
	} else if (strcmp(name, "table_cell") == 0) {
		open_block(w, node, DOCS_CELL);
	} else if (strcmp(name, "table_row") == 0 || strcmp(name, "table_header") == 0) {
		w->row++;
	} else if (type == CMARK_NODE_CODE_BLOCK) {
		open_block(w, node, DOCS_CODE);
		add_text(w, cmark_node_get_literal(node), 1);
		docs_build_close(w->b);
	} else if (type == CMARK_NODE_HTML_BLOCK) {
		docs_build_close(w->b);
		take_html(w, node, false);
	} else if (strcmp(name, "strikethrough") == 0) {
		w->struck += CATCH(mark_struck_out, true);
	} else {
		take_inline(w, node, type);
	}
}

static void
leave(struct walk *w, cmark_node *node)
{
	if (strcmp(cmark_node_get_type_string(node), "strikethrough") == 0 && w->struck > 0)
		w->struck--;
}

static enum assay_status
walk(struct walk *w, cmark_node *root, struct assay_error *err)
{
	CLEANUP(iter_free) cmark_iter *iter = cmark_iter_new(root);
	if (iter == NULL)
		return arena_full(err);
	for (size_t nodes = 0;; nodes++) {
		const cmark_event_type event = cmark_iter_next(iter);
		if (event == CMARK_EVENT_DONE)
			return ASSAY_OK;
		if (nodes > NODES_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "more than %d nodes", NODES_MAX);
		if (event == CMARK_EVENT_ENTER)
			enter(w, cmark_iter_get_node(iter));
		else
			leave(w, cmark_iter_get_node(iter));
	}
}

static enum assay_status
refuse_heavy(struct assay_span bytes, struct assay_error *err)
{
	unsigned line = 1;
	size_t quotes = 0, len = 0;
	if (bytes.len > DOCS_MARKDOWN_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a Markdown document of more than %u bytes", DOCS_MARKDOWN_MAX);
	if (!text_is_utf8(bytes))
		return assay_fail(err, ASSAY_E_FORMAT, "not UTF-8, or with a NUL in it");
	for (size_t i = 0; i < bytes.len; i++) {
		const bool end = bytes.data[i] == '\n';
		line += end;
		len = end ? 0 : len + 1;
		quotes = end ? 0 : quotes + (bytes.data[i] == '>');
		if (len > LINE_MAX_BYTES || quotes > QUOTES_MAX) {
			(void)assay_fail(err, ASSAY_E_LIMIT, "a line of more than %d bytes or with more than %d '>'",
			    LINE_MAX_BYTES, QUOTES_MAX);
			return assay_error_at(err, ASSAY_E_LIMIT, NULL, line, 1);
		}
	}
	return ASSAY_OK;
}

enum assay_status
docs_markdown(struct assay_span bytes, struct docs_builder *b, struct assay_error *err)
{
	/* Not "autolink": it reads out of bounds in the version that Debian 12 has. Its links are text all the same. */
	static const char *const extensions[] = { "table", "strikethrough" };
	struct walk w = { .b = b };
	TRY(refuse_heavy(bytes, err));
	cmark_gfm_core_extensions_ensure_registered();
	CLEANUP(parser_free) cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_FOOTNOTES);
	if (parser == NULL)
		return arena_full(err);
	for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
		cmark_syntax_extension *e = cmark_find_syntax_extension(extensions[i]);
		if (e == NULL || !cmark_parser_attach_syntax_extension(parser, e))
			return assay_fail(err, ASSAY_E_INTERNAL, "libcmark-gfm has no '%s'", extensions[i]);
	}
	cmark_parser_feed(parser, (const char *)bytes.data, bytes.len);
	CLEANUP(node_free) cmark_node *root = cmark_parser_finish(parser);
	return root != NULL ? walk(&w, root, err) : arena_full(err);
}
