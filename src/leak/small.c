/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small formats: minisign and signify, age, Tor's, Java's keystores.
 */
#include "text.h"

#include <base/catch.h>

#define SIGNIFY_SIZE 104u
#define MINISIGN_SIZE 158u
#define AGE_LETTERS 58u

static bool
all_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* A secret key of Ed25519 as these write it: the seed, then the public key. */
static enum verdict
seed_and_public(const unsigned char *p, struct key *key)
{
	unsigned char public[32];
	if (!raw_public_bytes(RAW_ED25519, (struct assay_span){ p, 32 }, public) || memcmp(public, p + 32, sizeof public) != 0)
		return IS_BROKEN;
	return public_raw(RAW_ED25519, (struct assay_span){ p + 32, 32 }, key) ? IS_KEY : IS_BROKEN;
}

/* The algorithm says which it is; no rounds, or no function, says that there is no passphrase. */
void
act_minisign(struct view *v, size_t at)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1024);
	struct key key = { .form = "minisign" };
	struct word w;
	size_t cursor = at;
	if (at < v->text_until || !text_word(v->bytes, false, &cursor, &w) || w.letters > 512)
		return;
	base64_loose((struct assay_span){ v->bytes.data + w.at, w.len }, &out);
	const unsigned char *p = out.data;
	enum verdict verdict = IS_NOTHING;
	if (out.len == SIGNIFY_SIZE && memcmp(p, "EdBK", 4) == 0) {
		key.form = "signify";
		verdict = all_zero(p + 4, 4) ? seed_and_public(p + 40, &key) : IS_ENCRYPTED;
	} else if (out.len == MINISIGN_SIZE && memcmp(p, "Ed", 2) == 0)
		verdict = all_zero(p + 2, 2) ? seed_and_public(p + 62, &key) : IS_ENCRYPTED;
	if (verdict == IS_NOTHING)
		return;
	scan_note(v, at, verdict, &key, buf_span(&out));
	v->text_until = cursor;
}

/* ---- age: Bech32 (BIP 173) of an X25519 key ---- */

static uint32_t
bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	const uint32_t top = sum >> 25;
	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		sum ^= (top >> i & 1) != 0 ? generator[i] : 0;
	return sum;
}

static bool
bech32(const unsigned char *text, unsigned char seed[32])
{
	static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	static const char name[] = "age-secret-key-";
	uint32_t sum = 1, bits = 0;
	unsigned count = 0;
	size_t len = 0;
	for (size_t i = 0; i < sizeof name - 1; i++)
		sum = bech32_step(sum, (unsigned char)name[i] >> 5);
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i < sizeof name - 1; i++)
		sum = bech32_step(sum, name[i] & 31);
	for (size_t i = 0; i < AGE_LETTERS; i++) {
		const unsigned char c = text[i] >= 'A' && text[i] <= 'Z' ? (unsigned char)(text[i] | 0x20) : text[i];
		const char *found = c == 0 ? NULL : strchr(letters, c);
		if (found == NULL)
			return false;
		const uint32_t value = (uint32_t)(found - letters);
		sum = bech32_step(sum, value);
		bits = bits << 5 | value;
		count += 5;
		if (count >= 8 && len < 32) {
			count -= 8;
			seed[len++] = (unsigned char)(bits >> count & 0xff);
		}
	}
	return sum == 1 && len == 32;
}

void
act_age(struct view *v, size_t at)
{
	static const size_t head = sizeof "AGE-SECRET-KEY-1" - 1;
	unsigned char seed[32];
	struct key key = { .form = "age" };
	if (v->bytes.len - at < head + AGE_LETTERS || !bech32(v->bytes.data + at + head, seed))
		return;
	const struct assay_span s = { seed, sizeof seed };
	scan_note(v, at, public_raw_of(RAW_X25519, s, &key) ? IS_KEY : IS_BROKEN, &key, s);
}

/* ---- Tor: the identity of an onion service or a relay, as the hashed seed; so no public part is computed ---- */

#define TOR_HEAD 32u
#define TOR_SIZE 64u

void
act_tor(struct view *v, size_t at)
{
	static const struct key key = { .form = "tor" };
	const unsigned char *p = v->bytes.data + at;
	const size_t words = sizeof "== ed25519v1-secret: type0 ==" - 1;
	if (v->bytes.len - at < TOR_HEAD || !all_zero(p + words, TOR_HEAD - words))
		return;
	const struct assay_span secret = { p + TOR_HEAD, v->bytes.len - at - TOR_HEAD < TOR_SIZE ? v->bytes.len - at - TOR_HEAD : TOR_SIZE };
	/* RFC 8032, 5.1.5: of the scalar the lowest three bits and the highest are clear, and the second highest is set. */
	const bool is = secret.len == TOR_SIZE && (secret.data[0] & 7) == 0 && (secret.data[31] & 0xc0) == 0x40;
	if (CATCH(leak_tor, secret.len > 0))
		scan_note(v, at, is ? IS_KEY : IS_BROKEN, &key, secret);
}

/* ---- Java's keystores: the certificates of a key stand beside it in the clear ---- */

#define ENTRIES_MAX 10000u
#define CHAIN_MAX 100u

static bool
take(struct assay_span *in, size_t len, struct assay_span *ret)
{
	if (len > in->len)
		return false;
	*ret = (struct assay_span){ in->data, len };
	in->data += len;
	in->len -= len;
	return true;
}

static bool
take_number(struct assay_span *in, size_t bytes, size_t *ret)
{
	struct assay_span s;
	if (!take(in, bytes, &s))
		return false;
	*ret = 0;
	for (size_t i = 0; i < bytes; i++)
		*ret = *ret << 8 | s.data[i];
	return true;
}

static bool
take_counted(struct assay_span *in, size_t bytes, struct assay_span *ret)
{
	size_t len;
	return take_number(in, bytes, &len) && take(in, len, ret);
}

/* The SubjectPublicKeyInfo is the seventh element of a certificate with a version, the sixth of one without. */
static void
of_certificate(struct assay_span certificate, struct key *key)
{
	struct assay_span outer, in;
	struct der d;
	unsigned place = 0;
	if (!der_take(&certificate, DER_SEQUENCE, &outer) || !der_take(&outer, DER_SEQUENCE, &in))
		return;
	while (der_next(&in, &d) && place < 8) {
		place += d.tag == 0xa0 && place == 0 ? 0 : 1;
		if (place == 6 && leak_public_of_spki(d.whole, key->publics[0]))
			key->public_count = 1;
		if (place == 6)
			return;
	}
}

static bool
certificate(struct assay_span *in, size_t version, struct assay_span *ret)
{
	struct assay_span type;
	return (version == 1 || take_counted(in, 2, &type)) && take_counted(in, 4, ret);
}

static bool
key_entry(struct view *v, size_t at, struct assay_span *in, size_t version)
{
	struct key key = { .form = "jks" };
	struct assay_span sealed, cert;
	size_t chain;
	if (!take_counted(in, 4, &sealed) || !take_number(in, 4, &chain) || chain > CHAIN_MAX)
		return false;
	for (size_t i = 0; i < chain; i++) {
		if (!certificate(in, version, &cert))
			return false;
		if (i == 0)
			of_certificate(cert, &key);
	}
	scan_note(v, at, IS_ENCRYPTED, &key, sealed);
	return true;
}

void
act_keystore(struct view *v, size_t at)
{
	struct assay_span in = { v->bytes.data + at + 4, v->bytes.len - at - 4 }, alias, time, cert;
	static const struct key broken = { .form = "jks" };
	size_t version, count, tag;
	if (at < v->der_until || !take_number(&in, 4, &version) || !take_number(&in, 4, &count) || count > ENTRIES_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		const bool head = take_number(&in, 4, &tag) && take_counted(&in, 2, &alias) && take(&in, 8, &time);
		if (!head || (tag == 1 ? !key_entry(v, at, &in, version) : tag != 2 || !certificate(&in, version, &cert))) {
			scan_note(v, at, IS_BROKEN, &broken, (struct assay_span){ v->bytes.data + at, v->bytes.len - at });
			return;
		}
	}
	v->der_until = v->bytes.len - in.len;
}
