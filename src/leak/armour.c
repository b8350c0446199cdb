/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "-----BEGIN ... PRIVATE KEY-----" (RFC 7468, RFC 1421, RFC 4880), as it stands in files and in code: with lines indented, quoted, joined
 * by operators, their ends written as escapes, junk before and after. The words between the marks are taken in several ways, and the one
 * of which a parser makes a key counts.
 */
#include "text.h"

#include <base/catch.h>

#define LABEL_BACK 48
#define BODY_MAX ((size_t)1 << 20)
#define BODY_WITHOUT_END 16384
#define BROKEN_MIN 32
#define BROKEN_WORD 40
#define HEADERS_MAX 32

struct armour {
	struct assay_span label; /* "RSA " of "RSA PRIVATE KEY" */
	struct assay_span body;
	size_t begin, end;       /* in the view */
	bool encrypted;          /* a header says so */
};

static bool
says(struct assay_span in, const char *word)
{
	return memmem(in.data, in.len, word, strlen(word)) != NULL;
}

static size_t
span_of(struct assay_span b, size_t at, unsigned char c)
{
	size_t i = at;
	while (i < b.len && b.data[i] == c)
		i++;
	return i - at;
}

/* The label's letters lead back to "BEGIN ", and that to dashes. */
static bool
find_label(struct assay_span b, size_t at, struct armour *a)
{
	static const char begin[] = "BEGIN ";
	const size_t len = sizeof begin - 1;
	size_t i = at;
	while (i > 0 && at - i < LABEL_BACK) {
		const unsigned char c = b.data[i - 1];
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '))
			break;
		i--;
	}
	const unsigned char *found = memmem(b.data + i, at - i, begin, len);
	if (found == NULL)
		return false;
	const size_t from = (size_t)(found - b.data);
	a->label = (struct assay_span){ b.data + from + len, at - from - len };
	i = from;
	while (i > 0 && b.data[i - 1] == ' ')
		i--;
	a->begin = from;
	return i >= 2 && b.data[i - 1] == '-' && b.data[i - 2] == '-';
}

/* Its end, or the beginning of the next, whatever comes first. */
static const unsigned char *
find_end(struct assay_span rest)
{
	const unsigned char *end = memmem(rest.data, rest.len, "--END ", 6), *next = memmem(rest.data, rest.len, "--BEGIN ", 8);
	if (end == NULL)
		end = memmem(rest.data, rest.len, "- END ", 6);
	return next != NULL && (end == NULL || next < end) ? next : end;
}

static bool
find_body(struct assay_span b, size_t at, struct armour *a)
{
	size_t from = at + strlen("PRIVATE KEY");
	if (b.len - from > 6 && memcmp(b.data + from, " BLOCK", 6) == 0)
		from += 6;
	from += span_of(b, from, ' ');
	if (b.len - from < 2 || b.data[from] != '-' || b.data[from + 1] != '-')
		return false;
	from += span_of(b, from, '-');
	const size_t room = b.len - from < BODY_MAX ? b.len - from : BODY_MAX;
	const struct assay_span rest = { b.data + from, room };
	const unsigned char *end = find_end(rest);
	size_t len = end != NULL ? (size_t)(end - rest.data) : room < BODY_WITHOUT_END ? room : BODY_WITHOUT_END;
	while (len > 0 && end != NULL && rest.data[len - 1] == '-')
		len--;
	a->body = (struct assay_span){ rest.data, len };
	a->end = from + len;
	return true;
}

/* ---- headers ---- */

static size_t
line_end(struct assay_span b, size_t at)
{
	while (at < b.len && b.data[at] != '\n' && b.data[at] != '\r' && !(b.data[at] == '\\' && at + 1 < b.len && b.data[at + 1] == 'n'))
		at++;
	return at;
}

/* "Name: value" up to the line's end; 0: there is none here. */
static size_t
header(struct assay_span b, size_t at)
{
	size_t i = at;
	while (i < b.len && i - at < 40 && ((b.data[i] | 0x20) >= 'a' && (b.data[i] | 0x20) <= 'z'))
		i++;
	while (i < b.len && i - at < 40 && (b.data[i] == '-' || ((b.data[i] | 0x20) >= 'a' && (b.data[i] | 0x20) <= 'z')))
		i++;
	if (i == at || i + 1 >= b.len || b.data[i] != ':' || b.data[i + 1] != ' ')
		return 0;
	return line_end(b, i);
}

static void
skip_headers(struct armour *a)
{
	struct assay_span b = a->body;
	size_t at = 0;
	for (unsigned n = 0; n < HEADERS_MAX; n++) {
		size_t i = at;
		while (i < b.len && base64_value(b.data[i]) < 0)
			i += b.data[i] == '\\' && i + 1 < b.len ? 2 : 1;
		const size_t end = header(b, i);
		if (end == 0)
			break;
		const struct assay_span line = { b.data + i, end - i };
		a->encrypted |= says(line, "ENCRYPTED") || (line.len > 9 && memcmp(line.data, "DEK-Info:", 9) == 0);
		at = end < b.len && b.data[end] == '\\' ? end + 2 : end;
	}
	a->body = (struct assay_span){ b.data + at, b.len - at };
}

/* ---- the body ---- */

enum taken { ALL_WORDS, LONG_WORDS, QUOTED_WORDS, WAYS };

static bool
is_quote(struct assay_span b, size_t at)
{
	return at < b.len && is_one_of(b.data[at], "\"'`\\");
}

static bool
takes(enum taken way, struct assay_span b, const struct word *w)
{
	const bool after_escape = w->at >= 2 && b.data[w->at - 2] == '\\';
	switch (way) {
	case LONG_WORDS:
		return w->letters >= 16 || w->at + w->len + 8 >= b.len;
	case QUOTED_WORDS:
		return after_escape || (w->at > 0 && is_quote(b, w->at - 1)) || is_quote(b, w->at + w->len);
	case ALL_WORDS:
	case WAYS:
		break;
	}
	/* An operator between two literals. */
	return !(w->len == 1 && b.data[w->at] == '+' && w->at > 0 && b.data[w->at - 1] == ' ');
}

/* What only a key's text has: a long word of capitals, small letters and digits. */
static bool
is_random(struct assay_span w)
{
	bool upper = false, lower = false, digit = false;
	for (size_t i = 0; i < w.len; i++) {
		upper |= w.data[i] >= 'A' && w.data[i] <= 'Z';
		lower |= w.data[i] >= 'a' && w.data[i] <= 'z';
		digit |= w.data[i] >= '0' && w.data[i] <= '9';
	}
	return w.len >= BROKEN_WORD && upper && lower && digit;
}

static bool
gather(const struct armour *a, enum taken way, struct buf *out)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(BODY_MAX);
	struct word w;
	size_t cursor = 0;
	bool random = false;
	while (text_word(a->body, false, &cursor, &w)) {
		/* The check sum of an OpenPGP armour. */
		if (w.letters == 4 && w.at > 0 && a->body.data[w.at - 1] == '=' && says(a->label, "PGP"))
			continue;
		if (!takes(way, a->body, &w))
			continue;
		random |= is_random((struct assay_span){ a->body.data + w.at, w.len });
		buf_add(&text, a->body.data + w.at, w.len);
	}
	base64_loose(buf_span(&text), out);
	return random;
}

static enum verdict
parse(const struct armour *a, struct assay_span bytes, bool random, struct key *ret)
{
	enum verdict v = IS_NOTHING;
	if (says(a->label, "PGP"))
		v = leak_openpgp(bytes, ret);
	else if (bytes.len > 15 && memcmp(bytes.data, "openssh-key-v1", 15) == 0)
		v = leak_openssh(bytes, ret);
	else if (!a->encrypted)
		v = leak_der(bytes, ret);
	if (v != IS_NOTHING)
		return v;
	ret->form = "pem";
	/* No parser tells, so the text has to look like more than words. */
	if (random && (a->encrypted || says(a->label, "ENCRYPTED")) && bytes.len >= BROKEN_MIN)
		return IS_ENCRYPTED;
	return IS_NOTHING;
}

void
act_armour(struct view *v, size_t at)
{
	struct armour a = { 0 };
	struct key broken = { .form = "pem" };
	bool random = false;
	if (at < v->text_until || !find_label(v->bytes, at, &a) || !find_body(v->bytes, at, &a) || !scan_afford(v, a.body.len))
		return;
	skip_headers(&a);
	for (enum taken way = ALL_WORDS; way < WAYS; way++) {
		CLEANUP(buf_done) struct buf out = BUF_INIT(BODY_MAX);
		struct key key = { 0 };
		random |= gather(&a, way, &out) && out.len >= BROKEN_MIN;
		const enum verdict verdict = out.status == ASSAY_OK ? parse(&a, buf_span(&out), random, &key) : IS_NOTHING;
		if (CATCH(leak_armour, verdict == IS_KEY || verdict == IS_ENCRYPTED)) {
			scan_note(v, a.begin, verdict, &key, buf_span(&out));
			v->text_until = a.end;
			return;
		}
		if (verdict == IS_BROKEN && key.public_count > broken.public_count)
			broken = key;
	}
	if (!CATCH(leak_armour_broken, random))
		return;
	scan_note(v, a.begin, IS_BROKEN, &broken, a.body);
	v->text_until = a.end;
}
