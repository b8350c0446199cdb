/* SPDX-License-Identifier: Apache-2.0 */
#include "gitparse.h"

#include <base/cleanup.h>
#include <base/text.h>

static bool
starts_with(struct assay_span s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.len >= n && memcmp(s.data, prefix, n) == 0;
}

enum assay_status
git_split(struct assay_span raw, const char *what, struct git_lines *ret_lines,
    struct assay_span *ret_message, struct assay_error *err)
{
	if (raw.len > GIT_COMMIT_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "%s of %zu bytes, at most %u are read", what,
		    raw.len, GIT_COMMIT_MAX);
	if (raw.len == 0 || raw.data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "%s is empty", what);
	const unsigned char *gap = memmem(raw.data, raw.len, "\n\n", 2);
	size_t header = gap == NULL ? raw.len : (size_t)(gap - raw.data) + 1;
	if (memchr(raw.data, '\0', header) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "%s has a NUL in its header", what);
	if (raw.data[header - 1] != '\n')
		return assay_fail(err, ASSAY_E_FORMAT, "%s ends inside its header", what);
	size_t body = gap == NULL ? raw.len : header + 1;
	*ret_lines = (struct git_lines){ .header = { raw.data, header }, .what = what };
	*ret_message = (struct assay_span){ raw.data + body, raw.len - body };
	return ASSAY_OK;
}

bool
git_next_line(struct git_lines *l, struct assay_span *ret_line)
{
	if (l->at >= l->header.len)
		return false;
	const unsigned char *start = l->header.data + l->at;
	const unsigned char *end = memchr(start, '\n', l->header.len - l->at);
	if (end == NULL)
		return false;
	*ret_line = (struct assay_span){ start, (size_t)(end - start) };
	l->at += ret_line->len + 1;
	l->line++;
	return true;
}

bool
git_link_line(struct assay_span raw, const char *name, enum oid_algo algo, size_t *cursor,
    struct oid *ret_id)
{
	size_t word = strlen(name) + 1, hex = 2 * oid_size(algo);
	struct oid id = { { 0 } };
	if (raw.len - *cursor < word + hex + 1)
		return false;
	const unsigned char *at = raw.data + *cursor;
	if (memcmp(at, name, word - 1) != 0 || at[word - 1] != ' ' || at[word + hex] != '\n' ||
	    text_unhex((struct assay_span){ at + word, hex }, id.b, hex / 2) != ASSAY_OK)
		return false;
	*cursor += word + hex + 1;
	*ret_id = id;
	return true;
}

bool
git_named(struct assay_span line, const char *name, struct assay_span *ret_value)
{
	size_t n = strlen(name);
	if (!starts_with(line, name) || line.len <= n || line.data[n] != ' ')
		return false;
	*ret_value = (struct assay_span){ line.data + n + 1, line.len - n - 1 };
	return true;
}

enum assay_status
git_malformed(const struct git_lines *l, struct assay_error *err, const char *why)
{
	assay_fail(err, ASSAY_E_FORMAT, "%s header: %s", l->what, why);
	assay_error_at(err, ASSAY_E_FORMAT, NULL, l->line, 0);
	return ASSAY_E_FORMAT;
}

/* Digits without a leading zero that fit a time of 63 bits. */
static bool
parse_time(struct assay_span s, int64_t *ret_time)
{
	uint64_t value;
	if (s.len > 1 && s.data[0] == '0')
		return false;
	if (text_to_u64(s, &value) != ASSAY_OK || value > INT64_MAX)
		return false;
	*ret_time = (int64_t)value;
	return true;
}

static bool
parse_zone(struct assay_span s, int *ret_minutes)
{
	if (s.len != 5 || (s.data[0] != '+' && s.data[0] != '-'))
		return false;
	int d[4];
	for (size_t i = 0; i < 4; i++) {
		if (s.data[i + 1] < '0' || s.data[i + 1] > '9')
			return false;
		d[i] = s.data[i + 1] - '0';
	}
	int minutes = (d[0] * 10 + d[1]) * 60 + d[2] * 10 + d[3];
	*ret_minutes = s.data[0] == '-' ? -minutes : minutes;
	return true;
}

/* " TIME ZONE", what stands behind the email. */
static enum assay_status
parse_when(const struct git_lines *l, struct assay_span rest, struct git_person *person,
    struct assay_error *err)
{
	if (rest.len == 0 || rest.data[0] != ' ')
		return git_malformed(l, err, "no time after the email");
	struct assay_span text = { rest.data + 1, rest.len - 1 };
	const unsigned char *space = memchr(text.data, ' ', text.len);
	if (space == NULL)
		return git_malformed(l, err, "no time zone");
	struct assay_span seconds = { text.data, (size_t)(space - text.data) };
	struct assay_span zone = { space + 1, text.len - seconds.len - 1 };
	if (!parse_time(seconds, &person->time))
		return git_malformed(l, err,
		    "bad time: not a plain number of seconds, zero-padded, or too large");
	if (!parse_zone(zone, &person->zone))
		return git_malformed(l, err, "bad time zone: not a sign and four digits");
	return ASSAY_OK;
}

enum assay_status
git_person_parse(const struct git_lines *l, struct assay_span value,
    struct git_person *ret_person, struct assay_error *err)
{
	const unsigned char *end = value.data + value.len;
	const unsigned char *open = memchr(value.data, '<', value.len);
	if (open == NULL)
		return git_malformed(l, err, "no '<' before the email");
	const unsigned char *close = memchr(value.data, '>', value.len);
	if (close == NULL)
		return git_malformed(l, err, "no '>' after the email");
	if (close < open)
		return git_malformed(l, err, "bad name: '>' in it");
	if (memchr(open + 1, '<', (size_t)(close - open) - 1) != NULL)
		return git_malformed(l, err, "bad email: '<' in it");
	struct git_person person = {
		.name = { value.data, (size_t)(open - value.data) },
		.email = { open + 1, (size_t)(close - open) - 1 },
	};
	while (person.name.len > 0 && person.name.data[person.name.len - 1] == ' ')
		person.name.len--;
	/* A second '>' or '<' behind the first pair falls over the time's digits. */
	TRY(parse_when(l, (struct assay_span){ close + 1, (size_t)(end - close) - 1 }, &person,
	    err));
	*ret_person = person;
	return ASSAY_OK;
}

void
git_add_piece(struct git_signature_field *sig, const unsigned char *from, const unsigned char *to)
{
	if (from == to)
		return;
	if (sig->piece_count >= GIT_SIGNED_PIECES || sig->headers >= GIT_SIGNED_PIECES) {
		sig->piece_count = 0;
		return;
	}
	struct assay_span *last = sig->piece_count > 0 ? &sig->pieces[sig->piece_count - 1] : NULL;
	if (last != NULL && last->data + last->len == from) {
		last->len += (size_t)(to - from);
		return;
	}
	sig->pieces[sig->piece_count++] = (struct assay_span){ from, (size_t)(to - from) };
}

/* The end of the header that starts at the current line: behind its continuation lines. */
static const unsigned char *
skip_continuation(struct git_lines *l)
{
	struct assay_span line;
	while (l->at < l->header.len && l->header.data[l->at] == ' ') {
		if (!git_next_line(l, &line))
			break;
	}
	return l->header.data + l->at;
}

/* A header whose name begins "gpgsig": git leaves all of them out of what is signed. */
static void
note_signature(struct git_lines *l, struct assay_span line, struct git_signature_field *sig)
{
	const char *own = l->algo == OID_SHA1 ? "gpgsig" : "gpgsig-sha256";
	const unsigned char *end = skip_continuation(l);
	struct assay_span value;
	sig->headers++;
	if (!git_named(line, own, &value)) {
		sig->wrong_header = true;
		return;
	}
	if (sig->raw.data == NULL)
		sig->raw = (struct assay_span){ value.data, (size_t)(end - value.data) };
}

enum assay_status
git_extra_headers(struct git_lines *l, const char *const *forbidden,
    struct git_signature_field *sig, struct assay_error *err)
{
	const unsigned char *piece = l->header.data;
	struct assay_span line, value;
	while (git_next_line(l, &line)) {
		if (line.len > 0 && line.data[0] == ' ')
			return git_malformed(l, err, "a continuation line where none can be");
		if (starts_with(line, "gpgsig")) {
			const unsigned char *start = line.data;
			note_signature(l, line, sig);
			git_add_piece(sig, piece, start);
			piece = l->header.data + l->at;
			continue;
		}
		for (const char *const *name = forbidden; *name != NULL; name++) {
			if (git_named(line, *name, &value))
				return git_malformed(l, err,
				    "a header twice or out of its place");
		}
		skip_continuation(l);
	}
	git_add_piece(sig, piece, l->header.data + l->header.len);
	return ASSAY_OK;
}
