/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/note.h>

#include "crypto.h"
#include "stream64.h"
#include "utf8.h"

#include <string.h>

/* c2sp.org/signed-note: an Ed25519 key, and a signature line's em dash and space. */
#define KIND_ED25519 0x01
static const unsigned char dash[4] = { 0xe2, 0x80, 0x94, ' ' };

static enum assay_status
malformed(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "note: %s", what);
}

/* Unicode's White_Space. */
static bool
is_space(uint32_t c)
{
	static const uint32_t lone[] = { 0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f,
		0x3000 };

	for (size_t i = 0; i < sizeof lone / sizeof lone[0]; i++) {
		if (c == lone[i])
			return true;
	}
	return (c >= 0x09 && c <= 0x0d) || (c >= 0x2000 && c <= 0x200a);
}

static bool
good_name(struct assay_span name)
{
	uint32_t c;

	if (name.len == 0)
		return false;
	while (name.len > 0) {
		size_t len = utf8_char(name, &c);
		if (len == 0 || is_space(c) || c == '+')
			return false;
		name.data += len;
		name.len -= len;
	}
	return true;
}

/* UTF-8 whose only control character below U+0020 is the line feed. */
static bool
good_text(struct assay_span text)
{
	uint32_t c;

	while (text.len > 0) {
		size_t len = utf8_char(text, &c);
		if (len == 0 || (c < 0x20 && c != '\n'))
			return false;
		text.data += len;
		text.len -= len;
	}
	return true;
}

/* "— NAME BASE64", without its line feed. */
static bool
signature_line(struct assay_span line, struct assay_note_signature *ret_signature)
{
	unsigned char decoded[4 + 64] = { 0 };
	struct stream64 s = { .out = decoded, .room = sizeof decoded };
	struct assay_note_signature sig = { 0 };

	if (line.len < sizeof dash || memcmp(line.data, dash, sizeof dash) != 0)
		return false;
	struct assay_span rest = { line.data + sizeof dash, line.len - sizeof dash };
	const unsigned char *space = memchr(rest.data, ' ', rest.len);
	if (space == NULL)
		return false;
	sig.name = (struct assay_span) { rest.data, (size_t)(space - rest.data) };
	for (size_t i = sig.name.len + 1; i < rest.len; i++) {
		if (!stream64_put(&s, rest.data[i]))
			return false;
	}
	if (!good_name(sig.name) || !stream64_whole(&s) || s.len <= 4)
		return false;
	memcpy(sig.key_hash, decoded, 4);
	sig.ed25519 = s.len == sizeof decoded;
	if (sig.ed25519)
		memcpy(sig.signature, decoded + 4, 64);
	*ret_signature = sig;
	return true;
}

bool
assay_note_next_signature(const struct assay_note *note, size_t *cursor,
    struct assay_note_signature *ret_signature)
{
	if (*cursor >= note->signatures.len)
		return false;
	const unsigned char *start = note->signatures.data + *cursor;
	const unsigned char *lf = memchr(start, '\n', note->signatures.len - *cursor);
	if (lf == NULL)
		return false;
	struct assay_span line = { start, (size_t)(lf - start) };
	if (!signature_line(line, ret_signature))
		return false;
	*cursor += line.len + 1;
	return true;
}

/* Where the last empty line is: the offset of the LF that ends the text. False when there is none. */
static bool
find_split(struct assay_span bytes, size_t *ret_at)
{
	for (size_t i = bytes.len; i-- > 1;) {
		if (bytes.data[i] == '\n' && bytes.data[i - 1] == '\n') {
			*ret_at = i - 1;
			return true;
		}
	}
	return false;
}

enum assay_status
assay_note_parse(struct assay_span bytes, struct assay_note *ret_note, struct assay_error *err)
{
	struct assay_note note;
	struct assay_note_signature sig;
	size_t split, cursor = 0, count = 0;

	if (bytes.len > ASSAY_NOTE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "note is longer than %d bytes", ASSAY_NOTE_MAX);
	if (!good_text(bytes))
		return malformed(err, "not UTF-8, or with a control character in it");
	if (!find_split(bytes, &split))
		return malformed(err, "no empty line between text and signatures");
	note.text = (struct assay_span) { bytes.data, split + 1 };
	note.signatures = (struct assay_span) { bytes.data + split + 2, bytes.len - split - 2 };
	while (assay_note_next_signature(&note, &cursor, &sig)) {
		if (++count > ASSAY_NOTE_SIGNATURES_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "note carries more than %d signatures",
			    ASSAY_NOTE_SIGNATURES_MAX);
	}
	if (count == 0 || cursor != note.signatures.len)
		return malformed(err, "no signature, or a malformed signature line");
	*ret_note = note;
	return ASSAY_OK;
}

enum assay_status
assay_note_key_hash(struct assay_span name, const unsigned char ed25519[32],
    unsigned char ret_hash[4])
{
	static const unsigned char kind[2] = { '\n', KIND_ED25519 };
	const struct assay_span parts[] = { name, { kind, 2 }, { ed25519, 32 } };
	unsigned char digest[ASSAY_SHA256_SIZE];

	enum assay_status status = crypto_hash_parts(ASSAY_SHA256, parts, 3, digest);
	if (status == ASSAY_OK)
		memcpy(ret_hash, digest, 4);
	return status;
}

static int
hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool
read_hash(struct assay_span hex, unsigned char ret_hash[4])
{
	if (hex.len != 8)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int high = hex_value(hex.data[2 * i]), low = hex_value(hex.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret_hash[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* Cuts what stands before the next '+' off the front of *text. */
static bool
before_plus(struct assay_span *text, struct assay_span *ret_part)
{
	const unsigned char *plus = text->len == 0 ? NULL : memchr(text->data, '+', text->len);

	if (plus == NULL)
		return false;
	*ret_part = (struct assay_span) { text->data, (size_t)(plus - text->data) };
	text->data += ret_part->len + 1;
	text->len -= ret_part->len + 1;
	return true;
}

static enum assay_status
bad_vkey(struct assay_error *err, enum assay_status status, const char *what)
{
	return assay_fail(err, status, "verifier key: %s", what);
}

enum assay_status
assay_note_key_parse(struct assay_span vkey, struct assay_note_key *ret_key,
    struct assay_error *err)
{
	struct assay_note_key key;
	struct assay_span rest = vkey, hex;
	unsigned char decoded[ASSAY_BASE64_DECODED_MAX(ASSAY_VKEY_SIZE)], hash[4];
	size_t len;

	if (vkey.len >= ASSAY_VKEY_SIZE)
		return bad_vkey(err, ASSAY_E_LIMIT, "too long");
	if (!before_plus(&rest, &key.name) || !before_plus(&rest, &hex) || !good_name(key.name) ||
	    !read_hash(hex, key.key_hash))
		return bad_vkey(err, ASSAY_E_FORMAT, "not of the form 'NAME+HASH+BASE64'");
	if (assay_base64_decode(rest, decoded, sizeof decoded, &len) != ASSAY_OK || len == 0)
		return bad_vkey(err, ASSAY_E_FORMAT, "its key is not base64");
	if (decoded[0] != KIND_ED25519)
		return bad_vkey(err, ASSAY_E_UNSUPPORTED, "not an Ed25519 key (kind 1)");
	if (len != 33)
		return bad_vkey(err, ASSAY_E_FORMAT, "an Ed25519 key has 32 bytes");
	memcpy(key.ed25519, decoded + 1, 32);
	if (crypto_ed25519_key_fault(key.ed25519) != NULL)
		return bad_vkey(err, ASSAY_E_FORMAT, crypto_ed25519_key_fault(key.ed25519));
	enum assay_status status = assay_note_key_hash(key.name, key.ed25519, hash);
	if (status != ASSAY_OK)
		return bad_vkey(err, status, "the crypto library failed");
	if (memcmp(hash, key.key_hash, 4) != 0)
		return bad_vkey(err, ASSAY_E_FORMAT, "its hash is not that of its name and key");
	*ret_key = key;
	return ASSAY_OK;
}

enum assay_status
assay_note_verify(const struct assay_note *note, const struct assay_note_key *key,
    struct assay_error *err)
{
	struct assay_note_signature sig;
	size_t cursor = 0;
	bool seen = false;
	enum assay_status result = ASSAY_E_NOT_FOUND;

	while (assay_note_next_signature(note, &cursor, &sig)) {
		if (!assay_span_equal(sig.name, key->name) || memcmp(sig.key_hash, key->key_hash, 4) != 0)
			continue;
		/* One bad signature in the key's name spoils the note, whatever else it carries. */
		enum assay_status status = sig.ed25519
		    ? crypto_ed25519_verify(key->ed25519, sig.signature, note->text)
		    : ASSAY_E_VERIFY;
		if (status == ASSAY_E_VERIFY)
			return assay_fail(err, status, "note: a signature by its key does not verify");
		if (status != ASSAY_OK)
			return assay_fail(err, status, "note: the crypto library failed");
		seen = true;
	}
	if (!seen)
		return assay_fail(err, result, "note carries no signature by the key asked for");
	result = ASSAY_OK;
	return result;
}

static bool
next_line(struct assay_span *text, struct assay_span *ret_line)
{
	const unsigned char *lf = text->len == 0 ? NULL : memchr(text->data, '\n', text->len);

	if (lf == NULL)
		return false;
	*ret_line = (struct assay_span) { text->data, (size_t)(lf - text->data) };
	text->data += ret_line->len + 1;
	text->len -= ret_line->len + 1;
	return true;
}

static bool
read_size(struct assay_span digits, uint64_t *ret_size)
{
	uint64_t size = 0;

	if (digits.len == 0 || (digits.len > 1 && digits.data[0] == '0'))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = digits.data[i] - (unsigned)'0';
		if (digit > 9 || size > (UINT64_MAX - digit) / 10)
			return false;
		size = size * 10 + digit;
	}
	*ret_size = size;
	return true;
}

enum assay_status
assay_checkpoint_parse(struct assay_span text, struct assay_checkpoint *ret_checkpoint,
    struct assay_error *err)
{
	struct assay_checkpoint c;
	struct assay_span rest = text, line;
	unsigned char root[ASSAY_BASE64_DECODED_MAX(44)];
	size_t len;

	if (!next_line(&rest, &c.origin) || c.origin.len == 0)
		return assay_fail(err, ASSAY_E_FORMAT, "checkpoint: no origin in its first line");
	if (!next_line(&rest, &line) || !read_size(line, &c.size))
		return assay_fail(err, ASSAY_E_FORMAT, "checkpoint: no tree size in its second line");
	if (!next_line(&rest, &line) || line.len != 44 ||
	    assay_base64_decode(line, root, sizeof root, &len) != ASSAY_OK || len != sizeof c.root.b)
		return assay_fail(err, ASSAY_E_FORMAT, "checkpoint: no root hash in its third line");
	memcpy(c.root.b, root, sizeof c.root.b);
	c.extension = rest;
	while (rest.len > 0) {
		if (!next_line(&rest, &line) || line.len == 0)
			return assay_fail(err, ASSAY_E_FORMAT, "checkpoint: an extension line is empty or cut");
	}
	*ret_checkpoint = c;
	return ASSAY_OK;
}
