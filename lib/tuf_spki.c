/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SubjectPublicKeyInfo (RFC 5280 section 4.1, RFC 8410, RFC 5480, RFC 3279) in DER and PEM. Each key has one spelling
 * here, so that equal bytes and equal keys are the same thing.
 */
#include <string.h>

#include "stream64.h"
#include "tuf_inside.h"
#include "wire.h"

static const char pem_head[] = "-----BEGIN PUBLIC KEY-----";
static const char pem_foot[] = "-----END PUBLIC KEY-----";
#define PEM_COLUMNS 64

struct spki_kind {
	enum assay_key_type type;
	size_t body;        /* what follows the prefix */
	size_t prefix_len;
	unsigned char prefix[26];
};

/* All but RSA are a constant and the key. */
static const struct spki_kind kinds[] = {
	{ ASSAY_KEY_ED25519, 32, 12, { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 } },
	{ ASSAY_KEY_ECDSA_P256, 65, 26,
	    { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
	        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 } },
	{ ASSAY_KEY_ECDSA_P384, 97, 23,
	    { 0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04,
	        0x00, 0x22, 0x03, 0x62, 0x00 } },
};

/* SEQUENCE of the object identifier rsaEncryption and NULL. */
static const unsigned char rsa_algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
	0x01, 0x05, 0x00 };

/* Takes one element of this tag off the front; its length must be in shortest form and below 64 KiB. */
static bool
der_take(struct assay_span *from, unsigned char tag, struct assay_span *ret_body)
{
	struct assay_span rest = *from;
	uint8_t seen, len, low = 0;
	size_t size;

	if (!wire_u8(&rest, &seen) || seen != tag || !wire_u8(&rest, &len))
		return false;
	size = len;
	if (len == 0x81) {
		if (!wire_u8(&rest, &low) || low < 0x80)
			return false;
		size = low;
	} else if (len == 0x82) {
		uint8_t high;
		if (!wire_u8(&rest, &high) || !wire_u8(&rest, &low) || high == 0)
			return false;
		size = (size_t)high << 8 | low;
	} else if (len > 0x7f) {
		return false;
	}
	if (!wire_take(&rest, size, ret_body))
		return false;
	*from = rest;
	return true;
}

/* An INTEGER above 0; the sign's zero byte is left out. */
static bool
der_positive(struct assay_span *from, struct assay_span *ret_magnitude)
{
	struct assay_span rest = *from, body;

	if (!der_take(&rest, 0x02, &body) || body.len == 0 || (body.data[0] & 0x80U) != 0)
		return false;
	if (body.data[0] == 0) {
		if (body.len == 1 || (body.data[1] & 0x80U) == 0)
			return false;
		body.data++;
		body.len--;
	}
	*ret_magnitude = body;
	*from = rest;
	return true;
}

bool
tuf_der_signature(struct assay_span der, struct assay_span *ret_r, struct assay_span *ret_s)
{
	struct assay_span body, r, s;

	if (!der_take(&der, 0x30, &body) || der.len != 0 || !der_positive(&body, &r) ||
	    !der_positive(&body, &s) || body.len != 0)
		return false;
	*ret_r = r;
	*ret_s = s;
	return true;
}

static bool
read_rsa(struct assay_span spki, struct assay_pubkey *ret_key)
{
	struct assay_pubkey key = { .type = ASSAY_KEY_RSA };
	struct assay_span all, algorithm, bits, numbers;

	if (!der_take(&spki, 0x30, &all) || spki.len != 0 ||
	    !wire_take(&all, sizeof rsa_algorithm, &algorithm) ||
	    memcmp(algorithm.data, rsa_algorithm, sizeof rsa_algorithm) != 0)
		return false;
	if (!der_take(&all, 0x03, &bits) || all.len != 0 || bits.len == 0 || bits.data[0] != 0)
		return false;
	bits.data++;
	bits.len--;
	if (!der_take(&bits, 0x30, &numbers) || bits.len != 0 || !der_positive(&numbers, &key.rsa_n) ||
	    !der_positive(&numbers, &key.rsa_e) || numbers.len != 0)
		return false;
	*ret_key = key;
	return true;
}

bool
tuf_spki_read(struct assay_span spki, struct assay_pubkey *ret_key)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct spki_kind *kind = &kinds[i];
		if (spki.len != kind->prefix_len + kind->body ||
		    memcmp(spki.data, kind->prefix, kind->prefix_len) != 0)
			continue;
		struct assay_span body = { spki.data + kind->prefix_len, kind->body };
		*ret_key = (struct assay_pubkey) { .type = kind->type };
		if (kind->type == ASSAY_KEY_ED25519)
			ret_key->ed25519 = body;
		else
			ret_key->point = body;
		return true;
	}
	return read_rsa(spki, ret_key);
}

size_t
tuf_spki_write(const struct assay_pubkey *key, unsigned char ret_spki[ASSAY_TUF_SPKI_MAX])
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct spki_kind *kind = &kinds[i];
		struct assay_span body = kind->type == ASSAY_KEY_ED25519 ? key->ed25519 : key->point;
		if (kind->type != key->type || body.len != kind->body)
			continue;
		memcpy(ret_spki, kind->prefix, kind->prefix_len);
		memcpy(ret_spki + kind->prefix_len, body.data, body.len);
		return kind->prefix_len + kind->body;
	}
	return 0;
}

/* Takes text off the front of *from. */
static bool
take_text(struct assay_span *from, const char *text)
{
	struct assay_span rest = *from, start, wanted = assay_span_str(text);

	if (!wire_take(&rest, wanted.len, &start) || !assay_span_equal(start, wanted))
		return false;
	*from = rest;
	return true;
}

bool
tuf_pem_read(struct assay_span pem, unsigned char ret_spki[ASSAY_TUF_SPKI_MAX], size_t *ret_len)
{
	struct stream64 s = { .out = ret_spki, .room = ASSAY_TUF_SPKI_MAX };

	if (!take_text(&pem, pem_head) || !take_text(&pem, "\n"))
		return false;
	for (; pem.len > 0 && pem.data[0] != '-'; pem.data++, pem.len--) {
		if (pem.data[0] != '\n' && !stream64_put(&s, pem.data[0]))
			return false;
	}
	if (!take_text(&pem, pem_foot) || pem.len > 1 || (pem.len == 1 && pem.data[0] != '\n'))
		return false;
	if (!stream64_whole(&s) || s.len == 0 || s.len > ASSAY_TUF_SPKI_MAX)
		return false;
	*ret_len = s.len;
	return true;
}

/* Appends to out, which keeps a NUL at its end. */
static bool
append(char *out, size_t room, size_t *len, const char *text, size_t text_len)
{
	if (text_len >= room - *len)
		return false;
	memcpy(out + *len, text, text_len);
	*len += text_len;
	out[*len] = '\0';
	return true;
}

bool
tuf_pem_write(struct assay_span spki, const char *end, char *out, size_t room)
{
	char text[ASSAY_BASE64_ENCODED_SIZE(ASSAY_TUF_SPKI_MAX)];
	size_t end_len = strlen(end), len = 0;

	if (assay_base64_encode(spki, text, sizeof text) != ASSAY_OK || room == 0 ||
	    !append(out, room, &len, pem_head, sizeof pem_head - 1) || !append(out, room, &len, end, end_len))
		return false;
	for (size_t at = 0, all = strlen(text); at < all; at += PEM_COLUMNS) {
		size_t part = all - at < PEM_COLUMNS ? all - at : PEM_COLUMNS;
		if (!append(out, room, &len, text + at, part) || !append(out, room, &len, end, end_len))
			return false;
	}
	return append(out, room, &len, pem_foot, sizeof pem_foot - 1) && append(out, room, &len, end, end_len);
}
