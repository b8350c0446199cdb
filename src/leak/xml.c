/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys as .NET writes them (RSA.ToXmlString(true), DSA.ToXmlString(true)): XML Signature's RSAKeyValue and DSAKeyValue with the private
 * part among the elements. Also where the markup is itself text: "&lt;D&gt;" in another document, "\u003cD\u003e" in JSON.
 */
#include "inside.h"

#include <base/catch.h>

#define ELEMENT_MAX 16384u
#define NUMBER_MAX 2048u
/* What is shorter is a placeholder: "<D>...</D>". */
#define PRIVATE_MIN 16u

/* How many bytes at at are this mark, in one of its spellings; 0: they aren't. */
static size_t
markup(struct assay_span b, size_t at, const char *const spellings[3])
{
	for (size_t i = 0; i < 3; i++) {
		const size_t len = strlen(spellings[i]);
		if (b.len - at >= len && memcmp(b.data + at, spellings[i], len) == 0)
			return len;
	}
	return 0;
}

static size_t
opens(struct assay_span b, size_t at)
{
	static const char *const spellings[] = { "<", "&lt;", "\\u003c" };
	return markup(b, at, spellings);
}

static size_t
closes(struct assay_span b, size_t at)
{
	static const char *const spellings[] = { ">", "&gt;", "\\u003e" };
	return markup(b, at, spellings);
}

/* Behind "<" and a prefix "ds:". */
static size_t
skip_prefix(struct assay_span b, size_t at)
{
	for (size_t i = at; i < b.len && i - at < 16; i++) {
		if (b.data[i] == ':')
			return i + 1;
		if (closes(b, i) != 0)
			break;
	}
	return at;
}

/* Where the value of the element of this name begins; 0: there is none. */
static size_t
value_of(struct assay_span b, const char *name)
{
	const size_t len = strlen(name);
	for (size_t i = 0; i < b.len; i++) {
		const size_t open = opens(b, i);
		if (open == 0)
			continue;
		const size_t at = skip_prefix(b, i + open), end = at + len;
		if (end < b.len && memcmp(b.data + at, name, len) == 0 && closes(b, end) != 0)
			return end + closes(b, end);
	}
	return 0;
}

/* The number of the element of this name; empty when it has none. */
static struct assay_span
number_of(struct assay_span b, const char *name, struct buf *out)
{
	const size_t from = value_of(b, name);
	size_t end = from;
	while (end < b.len && opens(b, end) == 0)
		end++;
	if (from > 0)
		base64_loose((struct assay_span){ b.data + from, end - from }, out);
	return out->status == ASSAY_OK ? buf_span(out) : (struct assay_span){ NULL, 0 };
}

static enum verdict
rsa(struct assay_span b, struct key *key)
{
	CLEANUP(buf_done) struct buf n = BUF_INIT(NUMBER_MAX), e = BUF_INIT(NUMBER_MAX), d = BUF_INIT(NUMBER_MAX), p = BUF_INIT(NUMBER_MAX),
				     q = BUF_INIT(NUMBER_MAX);
	const struct assay_span modulus = number_of(b, "Modulus", &n), exponent = number_of(b, "Exponent", &e), secret = number_of(b, "D", &d),
				one = number_of(b, "P", &p), other = number_of(b, "Q", &q);
	/* Without them it is a public key, as signatures have it. One factor is as good as all. */
	if (secret.len < PRIVATE_MIN && one.len < PRIVATE_MIN && other.len < PRIVATE_MIN)
		return IS_NOTHING;
	if (!public_rsa(modulus, exponent, key))
		return IS_BROKEN;
	if (one.len == 0 && other.len == 0)
		return IS_KEY;
	return product_is(one, other, modulus) ? IS_KEY : IS_BROKEN;
}

static enum verdict
dsa(struct assay_span b, struct key *key)
{
	CLEANUP(buf_done) struct buf p = BUF_INIT(NUMBER_MAX), q = BUF_INIT(NUMBER_MAX), g = BUF_INIT(NUMBER_MAX), x = BUF_INIT(NUMBER_MAX);
	const struct assay_span secret = number_of(b, "X", &x);
	if (secret.len < PRIVATE_MIN)
		return IS_NOTHING;
	const struct assay_span pqg[] = { number_of(b, "P", &p), number_of(b, "Q", &q), number_of(b, "G", &g) };
	return public_dsa_of(pqg, secret, key) ? IS_KEY : IS_BROKEN;
}

/* At "SAKeyValue" of either: up to the end of the element. */
void
act_xml_key(struct view *v, size_t at)
{
	static const char name[] = "SAKeyValue";
	struct key key = { .form = "xml" };
	struct assay_span b = { v->bytes.data + at, v->bytes.len - at };
	size_t end = sizeof name - 1;
	if (at == 0 || (v->bytes.data[at - 1] != 'R' && v->bytes.data[at - 1] != 'D'))
		return;
	while (end + sizeof name - 1 <= b.len && end < ELEMENT_MAX && memcmp(b.data + end, name, sizeof name - 1) != 0)
		end++;
	b.len = end;
	/* Five elements are looked for, one after another. */
	if (!scan_afford(v, b.len / 8))
		return;
	const enum verdict verdict = v->bytes.data[at - 1] == 'R' ? rsa(b, &key) : dsa(b, &key);
	if (CATCH(leak_xml_key, verdict != IS_NOTHING))
		scan_note(v, at, verdict, &key, b);
}
