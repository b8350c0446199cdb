/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <files/sums.h>
#include <string.h>

#define VERITY_PREFIX "sha256:"

static enum assay_status
no_line(const struct sums_reader *r, const char *why, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "%s", why);
	(void)assay_error_at(err, ASSAY_E_FORMAT, r->file, r->line, 0);
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "each line is a digest in hex, two spaces and a name; choose --algorithm by the list");
}

static bool
take(struct assay_span *s, const char *text)
{
	const size_t len = strlen(text);
	if (s->len < len || memcmp(s->data, text, len) != 0)
		return false;
	*s = (struct assay_span){s->data + len, s->len - len};
	return true;
}

/* What stands for itself, or for \\, \n and \r when the line says that there are escapes. */
static enum assay_status
read_name(const struct sums_reader *r, struct assay_span text, bool escaped, char *ret_name,
    struct assay_error *err)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.data[i];
		if (c == '\0')
			return no_line(r, "a NUL in a name", err);
		if (escaped && c == '\\') {
			const unsigned char kind = i + 1 < text.len ? text.data[++i] : 0;
			if (kind != '\\' && kind != 'n' && kind != 'r')
				return no_line(r, "a backslash that escapes nothing", err);
			c = kind == 'n' ? '\n' : kind == 'r' ? '\r' : '\\';
		}
		if (len == SUMS_NAME_MAX) {
			(void)assay_fail(
			    err, ASSAY_E_LIMIT, "a name of more than %d bytes", SUMS_NAME_MAX);
			return assay_error_at(err, ASSAY_E_LIMIT, r->file, r->line, 0);
		}
		ret_name[len++] = (char)c;
	}
	ret_name[len] = '\0';
	return len == 0 ? no_line(r, "a line without a name", err) : ASSAY_OK;
}

static enum assay_status
read_line(const struct sums_reader *r, struct assay_span line, struct sums_entry *ret_entry,
    struct assay_error *err)
{
	const bool escaped = take(&line, "\\");
	if (r->verity && !take(&line, VERITY_PREFIX))
		return no_line(r, "a line that doesn't begin with 'sha256:'", err);
	const size_t digits = 2 * r->digest_len;
	if (line.len < digits || text_unhex((struct assay_span){line.data, digits},
				     ret_entry->digest, r->digest_len) != ASSAY_OK)
		return no_line(r, "a line without a digest of this algorithm", err);
	line = (struct assay_span){line.data + digits, line.len - digits};
	const bool parted = r->verity ? take(&line, " ") : take(&line, "  ") || take(&line, " *");
	if (!parted)
		return no_line(r, "a line whose digest isn't followed by a name", err);
	return read_name(r, line, escaped, ret_entry->name, err);
}

enum assay_status
sums_next(
    struct sums_reader *r, struct sums_entry *ret_entry, bool *ret_end, struct assay_error *err)
{
	*ret_end = r->rest.len == 0;
	if (*ret_end)
		return ASSAY_OK;
	const unsigned char *end = memchr(r->rest.data, '\n', r->rest.len);
	const size_t len = end == NULL ? r->rest.len : (size_t)(end - r->rest.data);
	const size_t used = end == NULL ? len : len + 1;
	r->line++;
	TRY(read_line(r, (struct assay_span){r->rest.data, len}, ret_entry, err));
	r->rest = (struct assay_span){r->rest.data + used, r->rest.len - used};
	return ASSAY_OK;
}

static const char *
escape_for(unsigned char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

void
sums_add(struct buf *out, struct assay_span digest, bool verity, struct assay_span name)
{
	bool escaped = false;
	for (size_t i = 0; i < name.len; i++)
		escaped |= escape_for(name.data[i]) != NULL;
	buf_add_str(out, escaped ? "\\" : "");
	buf_add_str(out, verity ? VERITY_PREFIX : "");
	buf_add_hex(out, digest);
	buf_add_str(out, verity ? " " : "  ");
	for (size_t i = 0; i < name.len; i++) {
		const char *escape = escape_for(name.data[i]);
		if (escape != NULL)
			buf_add_str(out, escape);
		else
			buf_add_byte(out, name.data[i]);
	}
	buf_add_byte(out, '\n');
}
