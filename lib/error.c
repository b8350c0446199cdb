/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const status_names[] = {
	[ASSAY_OK] = "ok",
	[ASSAY_E_USAGE] = "usage",
	[ASSAY_E_FORMAT] = "format",
	[ASSAY_E_VERSION] = "version",
	[ASSAY_E_LIMIT] = "limit",
	[ASSAY_E_UNSUPPORTED] = "unsupported",
	[ASSAY_E_VERIFY] = "verify",
	[ASSAY_E_NOT_FOUND] = "not-found",
	[ASSAY_E_SYSTEM] = "system",
	[ASSAY_E_MEMORY] = "memory",
	[ASSAY_E_INTERNAL] = "internal",
};

const char *
assay_status_name(enum assay_status status)
{
	size_t i = (size_t)status;

	if (i >= sizeof status_names / sizeof status_names[0])
		return "unknown";
	return status_names[i];
}

void
assay_error_clear(struct assay_error *err)
{
	if (err == NULL)
		return;
	err->status = ASSAY_OK;
	err->line = 0;
	err->column = 0;
	err->file[0] = '\0';
	err->what[0] = '\0';
	err->todo[0] = '\0';
}

/* Takes back the part of a UTF-8 sequence that the cut left at the end. */
static void
trim_partial_utf8(char *text, size_t len)
{
	size_t start = len;

	while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xc0U) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	if (want > 1 && len - start + 1 < want)
		text[start - 1] = '\0';
}

static void
format_cut(char *out, size_t room, const char *fmt, va_list args) ASSAY_PRINTF(3, 0);

static void
format_cut(char *out, size_t room, const char *fmt, va_list args)
{
	int n = vsnprintf(out, room, fmt, args);

	if (n < 0)
		out[0] = '\0';
	else if ((size_t)n >= room)
		trim_partial_utf8(out, room - 1);
}

#undef assay_fail
enum assay_status
assay_fail(struct assay_error *err, enum assay_status status, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return status;
	assay_error_clear(err);
	err->status = status;
	va_start(args, fmt);
	format_cut(err->what, sizeof err->what, fmt, args);
	va_end(args);
	return status;
}

#undef assay_error_at
enum assay_status
assay_error_at(struct assay_error *err, enum assay_status status, const char *file, unsigned line,
    unsigned column)
{
	if (err == NULL)
		return status;
	if (file != NULL) {
		int n = snprintf(err->file, sizeof err->file, "%s", file);
		if (n >= (int)sizeof err->file)
			trim_partial_utf8(err->file, sizeof err->file - 1);
	}
	err->line = line;
	err->column = column;
	return status;
}

#undef assay_error_todo
enum assay_status
assay_error_todo(struct assay_error *err, enum assay_status status, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return status;
	va_start(args, fmt);
	format_cut(err->todo, sizeof err->todo, fmt, args);
	va_end(args);
	return status;
}

struct assay_span
assay_span_str(const char *text)
{
	return (struct assay_span) { (const unsigned char *)text, strlen(text) };
}

_Bool
assay_span_equal(struct assay_span a, struct assay_span b)
{
	if (a.len != b.len)
		return 0;
	return a.len == 0 || memcmp(a.data, b.data, a.len) == 0;
}
