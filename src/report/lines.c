/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <base/text.h>
#include <stdarg.h>

#define PARAGRAPH_MAX (256u << 10)
#define WIDTH_DEFAULT 80
#define RESET "\033[0m"

void
lines_init(struct lines *l, const struct report_style *style, struct buf *out)
{
	unsigned width = style->width == 0 ? WIDTH_DEFAULT : style->width;
	if (width < LINES_WIDTH_MIN)
		width = LINES_WIDTH_MIN;
	if (width > LINES_WIDTH_MAX)
		width = LINES_WIDTH_MAX;
	*l = (struct lines){ .out = out, .text = BUF_INIT(PARAGRAPH_MAX), .width = width,
		.colour = style->colour };
}

void
lines_done(struct lines *l)
{
	buf_done(&l->text);
}

static size_t
columns(const unsigned char *data, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += (data[i] & 0xc0) != 0x80;
	return n;
}

size_t
lines_columns(const char *s)
{
	return columns((const unsigned char *)s, strlen(s));
}

void
lines_add_n(struct lines *l, const char *text, size_t len)
{
	text_escape(&l->text,
	    (struct assay_span){ (const unsigned char *)text, len }, false);
}

void
lines_add(struct lines *l, const char *text)
{
	lines_add_n(l, text, strlen(text));
}

void
lines_addf(struct lines *l, const char *fmt, ...)
{
	char piece[256];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(piece, sizeof(piece), fmt, args);
	va_end(args);
	if (n >= 0)
		lines_add(l, piece);
}

void
lines_spaces(struct lines *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_byte(l->out, ' ');
}

void
lines_wrap(struct lines *l, size_t at, size_t indent)
{
	struct assay_span s = buf_span(&l->text);
	size_t column = at;
	bool fresh = true;
	for (size_t i = 0; i < s.len;) {
		while (i < s.len && s.data[i] == ' ')
			i++;
		size_t start = i;
		while (i < s.len && s.data[i] != ' ')
			i++;
		if (i == start)
			break;
		size_t wide = columns(s.data + start, i - start);
		if (!fresh && column + 1 + wide > l->width) {
			buf_add_byte(l->out, '\n');
			lines_spaces(l, indent);
			column = indent;
			fresh = true;
		}
		if (!fresh) {
			buf_add_byte(l->out, ' ');
			column++;
		}
		buf_add(l->out, s.data + start, i - start);
		column += wide;
		fresh = false;
	}
	buf_add_byte(l->out, '\n');
	if (l->text.status != ASSAY_OK)
		l->out->status = l->text.status;
	buf_reset(&l->text);
}

static void
painted(struct lines *l, const char *colour, const char *text)
{
	if (l->colour)
		buf_add_str(l->out, colour);
	buf_add_str(l->out, text);
	if (l->colour)
		buf_add_str(l->out, RESET);
}

void
lines_bold(struct lines *l, const char *text)
{
	painted(l, "\033[1m", text);
}

void
lines_dim(struct lines *l, const char *text)
{
	painted(l, "\033[2m", text);
}

void
lines_labelled(struct lines *l, size_t indent, const char *label, const char *text)
{
	lines_spaces(l, indent);
	lines_dim(l, label);
	buf_add_byte(l->out, ' ');
	lines_add(l, text);
	size_t hang = indent + lines_columns(label) + 1;
	lines_wrap(l, hang, hang);
}

void
lines_verdict(struct lines *l, enum verdict v, bool judged, size_t width)
{
	static const char *const colours[VERDICT_COUNT] = {
		[VERDICT_NOT_APPLICABLE] = "\033[2m",
		[VERDICT_PASS] = "\033[32m",
		[VERDICT_DEVIATED] = "\033[36m",
		[VERDICT_STALE] = "\033[35m",
		[VERDICT_UNKNOWN] = "\033[33m",
		[VERDICT_FAIL] = "\033[1;31m",
	};
	const char *word = verdict_name(v);
	painted(l, judged ? colours[v] : "\033[2m", word);
	size_t wide = lines_columns(word);
	if (wide < width)
		lines_spaces(l, width - wide);
}
