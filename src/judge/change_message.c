/* SPDX-License-Identifier: Apache-2.0 */
#include "change_message.h"

#include <base/catch.h>
#include <string.h>
#include <strings.h>

/* A longer line names nothing: nobody writes a request's name into one. */
#define LINE_MAX_BYTES 4096

static bool
is_blank(unsigned char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r';
}

static struct assay_span
trimmed(struct assay_span s)
{
	while (s.len > 0 && is_blank(s.data[s.len - 1]))
		s.len--;
	while (s.len > 0 && is_blank(s.data[0])) {
		s.data++;
		s.len--;
	}
	return s;
}

/* The next line as it stands, without its LF; false at the end. */
static bool
next_line(struct assay_span text, size_t *at, struct assay_span *ret_line)
{
	if (*at >= text.len)
		return false;
	const unsigned char *from = text.data + *at;
	const unsigned char *lf = memchr(from, '\n', text.len - *at);
	*ret_line = (struct assay_span){ from, lf != NULL ? (size_t)(lf - from) : text.len - *at };
	*at += ret_line->len + 1;
	return true;
}

/* Subject, and where what follows it begins. */
static struct assay_span
cut_subject(struct assay_span message, size_t *ret_rest)
{
	struct assay_span line = { message.data, 0 };
	size_t at = 0;
	while (next_line(message, &at, &line)) {
		line = trimmed(line);
		if (line.len > 0)
			break;
	}
	*ret_rest = at < message.len ? at : message.len;
	return line;
}

struct assay_span
change_subject(struct assay_span message)
{
	size_t rest;
	return cut_subject(message, &rest);
}

static bool
begins(struct assay_span s, const char *with)
{
	const size_t len = strlen(with);
	return s.len >= len && memcmp(s.data, with, len) == 0;
}

bool
change_is_revert(struct assay_span message)
{
	const struct assay_span subject = change_subject(message);
	return begins(subject, "Revert \"") || begins(subject, "Reapply \"");
}

static bool
matches(struct change_reader *r, struct assay_span line)
{
	size_t from, len;
	return line.len <= LINE_MAX_BYTES && line.len > 0 && ere_find(r->pattern, line, &from, &len, &r->steps);
}

/* ---- by place ---- */

/* What a revert quotes is another change's request. */
static bool
by_subject(struct change_reader *r, struct assay_span message)
{
	struct assay_span subject = change_subject(message);
	if (CATCH(change_quoted, change_is_revert(message))) {
		const unsigned char *quote = memrchr(subject.data, '"', subject.len);
		/* A quotation that is never closed is all that there is. */
		if (memchr(subject.data, '"', subject.len) == quote)
			return false;
		subject.len -= (size_t)(quote + 1 - subject.data);
		subject.data = quote + 1;
	}
	return matches(r, subject);
}

static bool
by_body(struct change_reader *r, struct assay_span message)
{
	struct assay_span line;
	size_t at;
	(void)cut_subject(message, &at);
	while (next_line(message, &at, &line)) {
		if (matches(r, trimmed(line)))
			return true;
	}
	return false;
}

/* "Merge branch 'X' into Y", "Merge pull request #1 from owner/X": the part that is the branch's name. */
static bool
by_branch(struct change_reader *r, struct assay_span message, bool merges)
{
	struct assay_span subject = change_subject(message);
	const char *from = " from ";
	if (CATCH(change_no_merge, !merges || !begins(subject, "Merge ")))
		return false;
	const unsigned char *quote = memchr(subject.data, '\'', subject.len);
	const unsigned char *begin = quote != NULL ? quote + 1 : memmem(subject.data, subject.len, from, strlen(from));
	if (begin == NULL)
		return false;
	begin += quote != NULL ? 0 : strlen(from);
	struct assay_span name = { begin, (size_t)(subject.data + subject.len - begin) };
	const unsigned char *end = memchr(name.data, quote != NULL ? '\'' : ' ', name.len);
	if (end != NULL)
		name.len = (size_t)(end - name.data);
	return matches(r, name);
}

/* ---- trailers ---- */

/* The value of "Name: value"; data NULL: no such line. */
static struct assay_span
trailer_value(struct assay_span line, struct assay_span *ret_name)
{
	size_t n = 0;
	while (n < line.len && (line.data[n] == '-' || (line.data[n] >= '0' && line.data[n] <= '9')
		    || ((line.data[n] | 0x20) >= 'a' && (line.data[n] | 0x20) <= 'z')))
		n++;
	if (n == 0 || n >= line.len || line.data[n] != ':')
		return (struct assay_span){ NULL, 0 };
	*ret_name = (struct assay_span){ line.data, n };
	return trimmed((struct assay_span){ line.data + n + 1, line.len - n - 1 });
}

/* Where the last block of lines begins, when it is trailers alone; else the text's end. */
static size_t
trailer_block(struct assay_span message, size_t rest)
{
	struct assay_span line, name;
	size_t at = rest, block = message.len;
	bool good = false, after_blank = false;
	while (next_line(message, &at, &line)) {
		const bool blank = trimmed(line).len == 0;
		const bool more = is_blank(line.data[0]) || begins(line, "(cherry picked from commit ");
		if (!blank && after_blank) {
			block = (size_t)(line.data - message.data);
			good = true;
		}
		if (!blank && !more && trailer_value(line, &name).data == NULL)
			good = false;
		after_blank = blank;
	}
	return good ? block : message.len;
}

static bool
by_trailer(struct change_reader *r, struct assay_span message)
{
	const struct assay_span wanted = assay_span_str(r->rule->trailer);
	struct assay_span line, name = { NULL, 0 };
	size_t rest;
	(void)cut_subject(message, &rest);
	const size_t block = trailer_block(message, rest);
	/* Such a line in the midst of the text is talked about, and no trailer. */
	size_t at = CATCH(change_no_trailer, block > rest) ? block : rest;
	while (next_line(message, &at, &line)) {
		const struct assay_span value = trailer_value(line, &name);
		if (value.data != NULL && name.len == wanted.len
		    && strncasecmp((const char *)name.data, r->rule->trailer, name.len) == 0 && matches(r, value))
			return true;
	}
	return false;
}

bool
change_names(struct change_reader *r, struct assay_span message, bool merges)
{
	switch (r->rule->where) {
	case CHANGE_SUBJECT:
		return by_subject(r, message);
	case CHANGE_BODY:
		return by_body(r, message);
	case CHANGE_BRANCH:
		return by_branch(r, message, merges);
	case CHANGE_TRAILER:
		return by_trailer(r, message);
	case CHANGE_NOWHERE:
		break;
	}
	return false;
}
