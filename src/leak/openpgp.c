/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret keys of OpenPGP (RFC 4880, RFC 9580), version 4: packets 5 and 7. The public part stands before the secret one in the clear.
 */
#include "inside.h"

#include <openssl/evp.h>

#define TAG_SECRET 5u
#define TAG_PUBLIC 6u
#define TAG_SECRET_SUB 7u
#define PACKETS_MAX 4096u
#define S2K_GNU 101u

struct packet {
	unsigned tag;
	struct assay_span body;
};

static bool
length(struct assay_span *in, unsigned bytes, size_t *ret)
{
	if (in->len < bytes)
		return false;
	*ret = 0;
	for (unsigned i = 0; i < bytes; i++)
		*ret = *ret << 8 | in->data[i];
	in->data += bytes;
	in->len -= bytes;
	return true;
}

static bool
new_length(struct assay_span *in, size_t *ret)
{
	size_t first, second;
	if (!length(in, 1, &first) || (first >= 224 && first < 255))
		return false;
	if (first == 255)
		return length(in, 4, ret);
	if (first < 192) {
		*ret = first;
		return true;
	}
	if (!length(in, 1, &second))
		return false;
	*ret = (first - 192) * 256 + second + 192;
	return true;
}

static bool
next_packet(struct assay_span *in, struct packet *ret)
{
	size_t head, len;
	if (!length(in, 1, &head) || (head & 0x80) == 0)
		return false;
	const bool is_new = (head & 0x40) != 0;
	ret->tag = (unsigned)(is_new ? head & 0x3f : head >> 2 & 0xf);
	if (!is_new && (head & 3) == 3)
		return false;
	if (is_new ? !new_length(in, &len) : !length(in, 1u << (head & 3), &len))
		return false;
	if (len > in->len)
		return false;
	ret->body = (struct assay_span){ in->data, len };
	in->data += len;
	in->len -= len;
	return true;
}

static bool
number(struct assay_span *in, struct assay_span *ret)
{
	size_t bits;
	if (!length(in, 2, &bits) || bits > 16384 || (bits + 7) / 8 > in->len)
		return false;
	*ret = (struct assay_span){ in->data, (bits + 7) / 8 };
	in->data += ret->len;
	in->len -= ret->len;
	return true;
}

static bool
numbers(struct assay_span *in, struct assay_span *ret, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!number(in, &ret[i]))
			return false;
	return true;
}

static bool
curve_name(struct assay_span *in, struct assay_span *ret)
{
	size_t len;
	if (!length(in, 1, &len) || len == 0 || len > in->len)
		return false;
	*ret = (struct assay_span){ in->data, len };
	in->data += len;
	in->len -= len;
	return true;
}

/* The legacy forms of Ed25519 (22) and X25519 (18) have 0x40 before the point. */
static bool
on_curve(unsigned algorithm, struct assay_span *in, struct key *key)
{
	static const char ed[] = "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01", x[] = "\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01";
	struct assay_span oid, point;
	size_t len;
	if (!curve_name(in, &oid) || !number(in, &point))
		return false;
	const bool montgomery = oid.len == sizeof x - 1 && memcmp(oid.data, x, oid.len) == 0;
	if (point.len == 33 && point.data[0] == 0x40 && (montgomery || (oid.len == sizeof ed - 1 && memcmp(oid.data, ed, oid.len) == 0)))
		(void)public_raw(montgomery ? RAW_X25519 : RAW_ED25519, (struct assay_span){ point.data + 1, 32 }, key);
	else
		(void)public_ec(curve_of_oid(oid), point, key);
	if (algorithm != 18)
		return true;
	/* How the shared secret is made. */
	if (!length(in, 1, &len) || len > in->len)
		return false;
	in->data += len;
	in->len -= len;
	return true;
}

static bool
raw(unsigned algorithm, struct assay_span *in, struct key *key)
{
	static const enum raw_kind kinds[] = { RAW_X25519, RAW_X448, RAW_ED25519, RAW_ED448 };
	const enum raw_kind kind = kinds[algorithm - 25];
	if (in->len < raw_size(kind))
		return false;
	const struct assay_span bytes = { in->data, raw_size(kind) };
	in->data += bytes.len;
	in->len -= bytes.len;
	return public_raw(kind, bytes, key);
}

static bool
rsa(unsigned algorithm, struct assay_span *in, struct key *key)
{
	struct assay_span n[2];
	(void)algorithm;
	return numbers(in, n, 2) && public_rsa(n[0], n[1], key);
}

static bool
dsa(unsigned algorithm, struct assay_span *in, struct key *key)
{
	struct assay_span n[4];
	(void)algorithm;
	return numbers(in, n, 4) && public_dsa(n, n[3], key);
}

/* Of which nobody writes a SubjectPublicKeyInfo. */
static bool
elgamal(unsigned algorithm, struct assay_span *in, struct key *key)
{
	struct assay_span n[3];
	(void)algorithm;
	(void)key;
	return numbers(in, n, 3);
}

/* By the number of the algorithm. */
static bool (*const parts[])(unsigned algorithm, struct assay_span *in, struct key *key) = {
	[1] = rsa, [2] = rsa, [3] = rsa, [16] = elgamal, [17] = dsa, [18] = on_curve, [19] = on_curve, [20] = elgamal, [22] = on_curve,
	[25] = raw, [26] = raw, [27] = raw, [28] = raw,
};

static bool
public_part(unsigned algorithm, struct assay_span *in, struct key *key)
{
	return algorithm < sizeof parts / sizeof parts[0] && parts[algorithm] != NULL && parts[algorithm](algorithm, in, key);
}

/* Of version 4: SHA-1 over the public part with a head of its own. */
static void
fingerprint(struct assay_span public, struct key *key)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)1 << 17);
	unsigned len = 0;
	if (public.len > 0xffff)
		return;
	buf_add_byte(&text, 0x99);
	buf_add_byte(&text, (unsigned char)(public.len >> 8 & 0xff));
	buf_add_byte(&text, (unsigned char)(public.len & 0xff));
	buf_add_span(&text, public);
	if (text.status == ASSAY_OK && EVP_Digest(text.data, text.len, key->fingerprint, &len, EVP_sha1(), NULL) == 1)
		key->has_fingerprint = len == LEAK_FINGERPRINT_SIZE;
}

static enum verdict
secret_packet(struct assay_span body, struct key *key)
{
	struct assay_span in = body;
	size_t version, created, algorithm, usage;
	*key = (struct key){ .form = "openpgp" };
	if (!length(&in, 1, &version) || version != 4 || !length(&in, 4, &created) || !length(&in, 1, &algorithm)
	    || !public_part((unsigned)algorithm, &in, key))
		return IS_BROKEN;
	fingerprint((struct assay_span){ body.data, body.len - in.len }, key);
	if (!length(&in, 1, &usage))
		return IS_BROKEN;
	if (usage == 0)
		return in.len >= 16 ? IS_KEY : IS_BROKEN;
	/* A stub: the key is elsewhere, or on a card. */
	if (usage >= 254 && in.len >= 6 && in.data[1] == S2K_GNU && memcmp(in.data + 3, "GNU", 3) == 0)
		return IS_NOTHING;
	return in.len >= 16 ? IS_ENCRYPTED : IS_BROKEN;
}

static const enum verdict worse[] = { IS_NOTHING, IS_BROKEN, IS_ENCRYPTED, IS_KEY };

static unsigned
weight(enum verdict v)
{
	for (unsigned i = 0; i < sizeof worse / sizeof worse[0]; i++)
		if (worse[i] == v)
			return i;
	return 0;
}

/* The primary key names whose it is; a subkey is looked at where the primary one is a stub. */
enum verdict
leak_openpgp(struct assay_span bytes, struct key *ret)
{
	struct packet p;
	enum verdict best = IS_NOTHING;
	size_t count = 0;
	*ret = (struct key){ .form = "openpgp" };
	while (count++ < PACKETS_MAX && bytes.len > 0) {
		struct key key;
		if (!next_packet(&bytes, &p))
			break;
		if (p.tag != TAG_SECRET && p.tag != TAG_SECRET_SUB)
			continue;
		const enum verdict v = secret_packet(p.body, &key);
		if (weight(v) <= weight(best))
			continue;
		best = v;
		*ret = key;
	}
	return best;
}

/* Binary, which has no mark of its own: a packet of a key at the beginning. */
void
look_openpgp(struct view *v)
{
	struct assay_span in = v->bytes;
	struct packet p;
	struct key key;
	if ((in.data[0] & 0x80) == 0 || !next_packet(&in, &p) || (p.tag != TAG_SECRET && p.tag != TAG_PUBLIC) || p.body.len < 8
	    || p.body.data[0] != 4 || !scan_afford(v, v->bytes.len))
		return;
	const enum verdict verdict = leak_openpgp(v->bytes, &key);
	/* So few bytes of a head are there by chance, too. */
	if (verdict == IS_KEY || verdict == IS_ENCRYPTED)
		scan_note(v, 0, verdict, &key, v->bytes);
}
