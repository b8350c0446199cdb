/* SPDX-License-Identifier: Apache-2.0 */
#include "html_writer.h"

#include <base/text.h>
#include <stdarg.h>

#define SCRATCH_MAX (1u << 20)
#define FORMATTED_MAX 1024

void
html_init(struct html *h, struct buf *out)
{
	*h = (struct html){ .out = out, .scratch = BUF_INIT(SCRATCH_MAX) };
}

void
html_done(struct html *h)
{
	buf_done(&h->scratch);
}

static const char *
entity(unsigned char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool
is_plain(struct assay_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < 0x20 || s.data[i] > 0x7e)
			return false;
	}
	return true;
}

void
html_escape(struct buf *out, struct buf *scratch, struct assay_span s)
{
	if (!is_plain(s)) {
		buf_reset(scratch);
		text_escape(scratch, s, false);
		if (scratch->status != ASSAY_OK) {
			/* Half a text could end inside an escape: leave it out whole, and fail. */
			out->status = scratch->status;
			return;
		}
		s = buf_span(scratch);
	}
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *e = entity(s.data[i]);
		if (e == NULL)
			continue;
		buf_add(out, s.data + from, i - from);
		buf_add_str(out, e);
		from = i + 1;
	}
	if (from < s.len)
		buf_add(out, s.data + from, s.len - from);
}

static void
finish_tag(struct html *h)
{
	if (h->in_tag)
		buf_add_byte(h->out, '>');
	h->in_tag = false;
}

void
html_void(struct html *h, const char *tag, const char *class_name)
{
	finish_tag(h);
	buf_add_byte(h->out, '<');
	buf_add_str(h->out, tag);
	h->in_tag = true;
	if (class_name != NULL)
		html_attr(h, "class", class_name);
}

void
html_begin(struct html *h, const char *tag, const char *class_name)
{
	if (h->depth == HTML_DEPTH_MAX) {
		h->broken = true;
		return;
	}
	html_void(h, tag, class_name);
	h->stack[h->depth++] = tag;
}

void
html_attr(struct html *h, const char *name, const char *value)
{
	if (!h->in_tag) {
		h->broken = true;
		return;
	}
	buf_add_byte(h->out, ' ');
	buf_add_str(h->out, name);
	buf_add_str(h->out, "=\"");
	html_escape(h->out, &h->scratch, assay_span_str(value));
	buf_add_byte(h->out, '"');
}

void
html_attrf(struct html *h, const char *name, const char *fmt, ...)
{
	char line[FORMATTED_MAX];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (n < 0)
		h->broken = true;
	html_attr(h, name, line);
}

void
html_flag(struct html *h, const char *name)
{
	if (!h->in_tag) {
		h->broken = true;
		return;
	}
	buf_add_byte(h->out, ' ');
	buf_add_str(h->out, name);
}

void
html_text(struct html *h, const char *text)
{
	finish_tag(h);
	if (text != NULL)
		html_escape(h->out, &h->scratch, assay_span_str(text));
}

void
html_textf(struct html *h, const char *fmt, ...)
{
	char line[FORMATTED_MAX];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (n < 0)
		h->broken = true;
	html_text(h, line);
}

void
html_end(struct html *h)
{
	finish_tag(h);
	if (h->depth == 0) {
		h->broken = true;
		return;
	}
	const char *tag = h->stack[--h->depth];
	buf_add_str(h->out, "</");
	buf_add_str(h->out, tag);
	buf_add_byte(h->out, '>');
}

void
html_leaf(struct html *h, const char *tag, const char *class_name, const char *text)
{
	html_begin(h, tag, class_name);
	html_text(h, text);
	html_end(h);
}

void
html_span(struct html *h, struct assay_span text)
{
	finish_tag(h);
	html_escape(h->out, &h->scratch, text);
}

static void
text_between(struct html *h, const char *from, const char *to)
{
	html_span(h, (struct assay_span){ (const unsigned char *)from, (size_t)(to - from) });
}

void
html_prose(struct html *h, const char *text)
{
	if (text == NULL)
		return;
	for (;;) {
		const char *open = strchr(text, '`');
		const char *close = open == NULL ? NULL : strchr(open + 1, '`');
		if (close == NULL)
			break;
		text_between(h, text, open);
		html_begin(h, "code", NULL);
		text_between(h, open + 1, close);
		html_end(h);
		text = close + 1;
	}
	html_text(h, text);
}

void
html_own(struct html *h, struct assay_span bytes)
{
	finish_tag(h);
	buf_add_span(h->out, bytes);
}

enum assay_status
html_status(const struct html *h, struct assay_error *err)
{
	if (h->broken || h->depth != 0) {
		assay_fail(err, ASSAY_E_INTERNAL, "the page's elements don't nest");
		return ASSAY_E_INTERNAL;
	}
	return buf_status(h->out, "the page", err);
}
